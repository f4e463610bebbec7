import type { Edition } from '../../../lambdas/promql/index.ts';
import type { Texts } from '../../../lambdas/rules/rule.ts';
import { checkTemplate } from '../../../lambdas/rules/template/template.ts';
import type { Entry, Reader } from './fields.ts';
import { offsetOf } from './fields.ts';
import type { Reporter } from './problem.ts';

export type PlacedText = { readonly key: string; readonly text: string; readonly offset: number };

/** Labels or annotations; null values are empty texts, as Prometheus reads them. */
export function readTexts(
  reader: Reader,
  field: Entry | undefined,
  faultOf: (name: string) => string | null,
  problems: Reporter,
): readonly PlacedText[] {
  if (field === undefined) return [];
  const entries = reader.entriesOf(field.value, field.key, problems);
  return entries.map(({ key, keyAt, value }) => {
    const fault = faultOf(key);
    if (fault !== null) problems.report(keyAt, fault);
    const text = reader.textOf(value, `${field.key}.${key}`, problems)?.text ?? '';
    return { key, text, offset: offsetOf(value, keyAt) };
  });
}

export function refuseBrokenTemplates(
  texts: readonly PlacedText[],
  edition: Edition,
  problems: Reporter,
): void {
  for (const { key, text, offset } of texts) {
    const fault = checkTemplate(text, edition);
    if (fault !== null) problems.report(offset, `the template of ${key} does not parse: ${fault}`);
  }
}

export const textsOf = (texts: readonly PlacedText[]): Texts =>
  Object.fromEntries(texts.map(({ key, text }) => [key, text]));
