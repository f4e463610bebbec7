import type { Operand, Pipeline, TemplateNode } from './ast.ts';

export type Command = Pipeline['commands'][number];

/** Every command of a template, those within others too, in no order. */
export function commandsIn(nodes: readonly TemplateNode[]): readonly Command[] {
  return nodes.flatMap((node) => {
    switch (node.kind) {
      case 'text':
      case 'unsupported':
        return [];
      case 'action':
        return commandsOf(node.pipeline);
      case 'if':
      case 'with':
      case 'range':
        return [...commandsOf(node.pipeline), ...commandsIn(node.body), ...commandsIn(node.otherwise)];
    }
  });
}

/** A pipeline's commands, those within its operands too. */
export const commandsOf = ({ commands }: Pipeline): readonly Command[] =>
  commands.flatMap((command) => [command, ...command.flatMap(ofOperand)]);

function ofOperand(operand: Operand): readonly Command[] {
  if (operand.kind === 'pipeline') return commandsOf(operand.pipeline);
  return operand.kind === 'field' && operand.of !== null ? ofOperand(operand.of) : [];
}
