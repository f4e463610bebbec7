import { commandsIn } from './commands.ts';
import { TemplateFault } from './lexer.ts';
import { parsedOf } from './template.ts';

const matching = ['match', 'reReplaceAll'];

/** The patterns that a template matches by; null for one that it makes as it is expanded. */
export function patternsOfTemplate(text: string): readonly (string | null)[] {
  if (!matching.some((name) => text.includes(name))) return [];
  const parsed = parsedOf(text, 3);
  if (parsed instanceof TemplateFault) return [];
  return commandsIn(parsed).flatMap(([first, pattern]) => {
    if (first?.kind !== 'function' || !matching.includes(first.name)) return [];
    return [pattern?.kind === 'literal' && typeof pattern.value === 'string' ? pattern.value : null];
  });
}
