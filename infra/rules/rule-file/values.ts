import { isScalar } from 'yaml';
import { durationMs } from '../../../lambdas/promql/index.ts';
import type { Entry, Given, Reader } from './fields.ts';
import { offsetOf } from './fields.ts';
import type { Reporter } from './problem.ts';

export type Fields = ReadonlyMap<string, Entry>;

/** Takes the name of a field that is passed over. */
export type PassOver = (field: string) => void;

/** A mapping's fields; those that Prometheus does not know are reported, or passed over. */
export function fieldsOf(
  reader: Reader,
  given: Given,
  what: string,
  known: readonly string[],
  problems: Reporter,
  passOver: PassOver | null = null,
): Fields {
  const entries = reader.entriesOf(given, what, problems);
  for (const { key, keyAt } of entries) {
    if (known.includes(key)) continue;
    if (passOver !== null) passOver(key);
    else problems.report(keyAt, `${what} has no field "${key}"; it has ${known.join(', ')}${ownerOf(key)}`);
  }
  return new Map(entries.map((entry) => [entry.key, entry]));
}

/** Fields of rule files by the programs that read them beside Prometheus' own. */
const owners: Readonly<Record<string, readonly string[]>> = {
  Thanos: ['partial_response_strategy'],
  Mimir: ['namespace', 'source_tenants', 'evaluation_delay', 'align_evaluation_time_on_interval'],
  vmalert: ['concurrency', 'eval_offset', 'eval_delay', 'eval_alignment', 'tenant', 'update_entries_limit'],
};

function ownerOf(field: string): string {
  const [owner] = Object.entries(owners).find(([, fields]) => fields.includes(field)) ?? [];
  return owner === undefined
    ? ''
    : `; ${owner} reads it: leave it out, or look at the rest with --ignore-unknown-fields`;
}

/** `5m`, `1h30m` or `0` in milliseconds; null where nothing stands. */
export function durationOf(reader: Reader, { key, value }: Entry, problems: Reporter): number | null {
  const written = reader.textOf(value, key, problems);
  if (written === null) return null;
  if (written.text === '0') return 0;
  const ms = readDuration(written.text);
  if (typeof ms === 'number') return ms;
  problems.report(
    offsetOf(value),
    `${key} must be a duration such as 30s, 5m or 1h30m, not ${JSON.stringify(written.text)}${ms}`,
  );
  return null;
}

/** What is wrong, if the text tells more than that it is no duration. */
function readDuration(text: string): number | string {
  try {
    return durationMs(text) ?? (/^\d+$/.test(text) ? `; write ${text}s for seconds` : '');
  } catch (error) {
    return error instanceof Error ? `: ${error.message}` : '';
  }
}

/** Prometheus reads hexadecimal numbers, fractions and more here too; they are refused. */
export function wholeNumberOf(reader: Reader, { key, value }: Entry, problems: Reporter): number | null {
  const written = reader.textOf(value, key, problems);
  if (written === null) return null;
  const { text, node } = written;
  const number = Number(text);
  if (
    isScalar(node) &&
    node.type === 'PLAIN' &&
    /^[-+]?(0|[1-9]\d*)$/.test(text) &&
    Number.isSafeInteger(number)
  )
    return number;
  problems.report(offsetOf(value), `${key} must be a whole number, not ${JSON.stringify(text)}`);
  return null;
}
