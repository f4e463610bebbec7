import type { Texts } from '../../../lambdas/rules/rule.ts';
import { offsetOf, type Entry } from '../../rules/rule-file/fields.ts';
import type { Reading } from './parts.ts';

/** A mapping of names to texts; null is an empty text. */
export function textsOf({ reader, problems }: Reading, field: Entry | undefined): Texts {
  if (field === undefined) return {};
  const entries = reader.entriesOf(field.value, field.key, problems);
  return Object.fromEntries(
    entries.map(({ key, value }) => [key, reader.textOf(value, `${field.key}.${key}`, problems)?.text ?? '']),
  );
}

/** A field of a later promtool than those that are followed here, 2.42 and 3.5. */
export function refuseBefore3_9({ problems }: Reading, field: Entry | undefined): void {
  if (field !== undefined)
    problems.report(
      field.keyAt,
      `promtool knows ${field.key} from Prometheus 3.9 on, and is followed here up to 3.5; leave it out`,
    );
}

/** Fields that promtool knows since Prometheus 3. */
export function refuseBefore3({ edition, problems }: Reading, field: Entry | undefined): void {
  if (edition === 2 && field !== undefined)
    problems.report(field.keyAt, `Prometheus 2 has no ${field.key}; give --prometheus 3`);
}

/** As YAML 1.1 writes them. */
const words = {
  yes: /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/,
  no: /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/,
} as const;

/** False where nothing stands. */
export function booleanOf({ reader, problems }: Reading, field: Entry | undefined): boolean {
  const written = reader.textOf(field?.value, field?.key ?? '', problems);
  if (field === undefined || written === null) return false;
  const isPlain = written.node.type === 'PLAIN';
  if (isPlain && words.yes.test(written.text)) return true;
  if (!isPlain || !words.no.test(written.text))
    problems.report(
      offsetOf(field.value),
      `${field.key} must be true or false, not ${JSON.stringify(written.text)}`,
    );
  return false;
}

/** A number as YAML 1.1 writes it, `.inf`, `.nan`, hexadecimal and octal ones included; 0 where nothing stands. */
export function numberOf({ reader, problems }: Reading, field: Entry | undefined): number {
  const written = reader.textOf(field?.value, field?.key ?? '', problems);
  if (field === undefined || written === null) return 0;
  const value = written.node.type === 'PLAIN' ? readNumber(written.text) : null;
  if (value !== null) return value;
  problems.report(
    offsetOf(field.value),
    `${field.key} must be a number, not ${JSON.stringify(written.text)}`,
  );
  return 0;
}

function readNumber(text: string): number | null {
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return NaN;
  const { sign, rest = '' } = /^(?<sign>[-+]?)(?<rest>.*)$/.exec(text)?.groups ?? {};
  const signed = (value: number) => (sign === '-' ? -value : value);
  if (/^\.(?:inf|Inf|INF)$/.test(rest)) return signed(Infinity);
  const digits = rest.replaceAll('_', '');
  if (/^0[0-7]+$/.test(digits)) return signed(parseInt(digits, 8));
  const isNumber = /^(?:0x[\da-f]+|0o[0-7]+|0b[01]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)$/i.test(digits);
  const value = Number(digits);
  return isNumber && Number.isFinite(value) ? signed(value) : null;
}
