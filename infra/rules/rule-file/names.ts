import type { Edition } from '../../../lambdas/promql/index.ts';

/** From edition 3 on, names may be any text; edition 2 knows those of the exposition format. */
const legacyMetric = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const legacyLabel = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const nameOf = (name: string, legacy: RegExp, edition: Edition): boolean =>
  edition === 2 ? legacy.test(name) : name !== '';

/** What is wrong with the name of a recorded series; null if nothing. */
export function metricNameFault(name: string, edition: Edition): string | null {
  if (!nameOf(name, legacyMetric, edition)) return `"${name}" is no name of a series`;
  return /[{}]/.test(name) ? `"${name}" has braces; labels of a recorded series stand under labels` : null;
}

export function labelNameFault(name: string, edition: Edition): string | null {
  if (name === '__name__') return "the label __name__ is the series' name, which a rule cannot set";
  return nameOf(name, legacyLabel, edition) ? null : `"${name}" is no name of a label`;
}

export function annotationNameFault(name: string, edition: Edition): string | null {
  return nameOf(name, legacyLabel, edition) ? null : `"${name}" is no name of an annotation`;
}
