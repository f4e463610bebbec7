import type { Operand, TemplateNode } from './ast.ts';
import { commandsOf, type Command } from './commands.ts';
import { isExpanded } from './functions.ts';
import { TemplateFault } from './lexer.ts';
import { parsedOf, reword, troubles, wordsFor } from './template.ts';

/** A part of a template that is not filled in as Prometheus would. */
export type Gap = {
  /** As it is written. */
  readonly source: string;
  readonly reason: string;
  /** What stands there where the element is known, and where only words can be said. */
  readonly shown: string;
  readonly worded: string;
};

/** The parts of a template that are not filled in, whatever element it is about. */
export function notExpanded(text: string): readonly Gap[] {
  const parsed = text.includes('{{') ? parsedOf(text, 3) : [];
  if (parsed instanceof TemplateFault) return [];
  const gaps = new Map<string, Gap>();
  const source = ({ from, to }: TemplateNode): string => text.slice(from, to);
  const add = (node: TemplateNode, reason: string, shown = source(node), worded = wordsFor(node)): void => {
    const key = source(node);
    if (!gaps.has(key)) gaps.set(key, { source: key, reason, shown, worded });
  };
  const look = (nodes: readonly TemplateNode[]): void => {
    for (const node of nodes) {
      if (node.kind === 'text') continue;
      if (node.kind === 'unsupported') {
        add(node, `${node.word} is not known here`);
        continue;
      }
      const commands = commandsOf(node.pipeline);
      const called = commands.flatMap(([first]) => (first?.kind === 'function' ? [first.name] : []));
      const unknown = called.find((name) => !isExpanded(name));
      const jump = node.kind === 'range' ? jumpIn(node.body) : undefined;
      if (unknown !== undefined) add(node, `${unknown} is Prometheus' own and not known here`);
      else if (jump !== undefined) add(node, `${jump} is not known here`);
      else if (asks(commands, 'ExternalURL'))
        add(node, "Prometheus' address is not known here", source(node), reword(source(node), {}));
      else {
        if (node.kind === 'action' && asks(commands, 'ExternalLabels'))
          add(node, 'a deployment has no external labels', '', reword(source(node), {}));
        if (node.kind !== 'action') {
          look(node.body);
          look(node.otherwise);
        }
      }
    }
  };
  look(parsed);
  for (const { node, reason } of troubles(parsed)) add(node, reason);
  return [...gaps.values()];
}

/** `break` and `continue` keep the whole `range` from being filled in. */
function jumpIn(nodes: readonly TemplateNode[]): string | undefined {
  for (const node of nodes) {
    if (node.kind === 'unsupported' && ['break', 'continue'].includes(node.word)) return node.word;
    const inner =
      node.kind === 'if' || node.kind === 'with' ? jumpIn([...node.body, ...node.otherwise]) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Whether commands ask for the variable of that field, or for the field. */
const asks = (commands: readonly Command[], field: 'ExternalURL' | 'ExternalLabels'): boolean =>
  commands.some((command) => command.some((operand) => isOf(operand, field)));

function isOf(operand: Operand, field: 'ExternalURL' | 'ExternalLabels'): boolean {
  const variable = field === 'ExternalURL' ? '$externalURL' : '$externalLabels';
  if (operand.kind === 'variable')
    return operand.name === variable || (operand.name === '$' && operand.path[0] === field);
  return operand.kind === 'field' && operand.of === null && operand.path[0] === field;
}
