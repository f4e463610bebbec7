import type { Subject } from './subject.ts';

/**
 * The labels that a rule's annotations and labels show. Left out are those that a template asks for before showing them,
 * and texts that look at other series too.
 */
export function shownLabels({ rule }: Subject): readonly string[] {
  if (rule.kind !== 'alert') return [];
  const shown = [...Object.values(rule.annotations), ...Object.values(rule.labels)].flatMap((text) => {
    const actions = text.match(/\{\{[^]*?\}\}/g) ?? [];
    if (actions.some((action) => /\b(query|range|template|define)\b/.test(action))) return [];
    const asked = new Set(
      actions.filter((action) => /^\{\{-?\s*(else\s+)?(if|with)\b/.test(action)).flatMap(labelsIn),
    );
    return actions.flatMap(labelsIn).filter((label) => !asked.has(label));
  });
  return [...new Set(shown)];
}

const label = /(?:\$labels|\.Labels)\.(\w+)|index\s+(?:\$labels|\.Labels)\s+["`](\w+)["`]/g;

const labelsIn = (action: string): readonly string[] =>
  [...action.matchAll(label)].map(([, dotted, indexed]) => dotted ?? indexed ?? '');
