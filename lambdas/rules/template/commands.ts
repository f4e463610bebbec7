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
        return ofPipeline(node.pipeline);
      case 'if':
      case 'with':
      case 'range':
        return [...ofPipeline(node.pipeline), ...commandsIn(node.body), ...commandsIn(node.otherwise)];
    }
  });
}

const ofPipeline = ({ commands }: Pipeline): readonly Command[] =>
  commands.flatMap((command) => [command, ...command.flatMap(ofOperand)]);

function ofOperand(operand: Operand): readonly Command[] {
  if (operand.kind === 'pipeline') return ofPipeline(operand.pipeline);
  return operand.kind === 'field' && operand.of !== null ? ofOperand(operand.of) : [];
}
