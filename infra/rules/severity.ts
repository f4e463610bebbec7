import type { PagingSeverity } from '../cloudwatch/alarm-spec.ts';
import { isTemplate } from './text.ts';
import type { Warning } from './warning.ts';

/** Words of the label `severity`, in lower case, and the topic that each is for. Settings add to them. */
const topics: Readonly<Record<PagingSeverity, readonly string[]>> = {
  critical: [
    ...['critical', 'crit', 'page', 'pager', 'urgent', 'fatal', 'emergency', 'disaster'],
    ...['high', 'major', 'error', 'p0', 'p1', 's0', 's1', 'sev0', 'sev1'],
  ],
  warning: [
    ...[
      'warning',
      'warn',
      'info',
      'information',
      'notice',
      'ticket',
      'none',
      'average',
      'medium',
      'moderate',
    ],
    ...['minor', 'low', 'p2', 'p3', 'p4', 'p5', 's2', 's3', 's4', 'sev2', 'sev3', 'sev4', 'sev5'],
  ],
};

/** The topic of a rule that does not say. */
const otherwise: PagingSeverity = 'warning';

export type Chosen = { readonly severity: PagingSeverity; readonly warnings: readonly Warning[] };

/**
 * The topic that a rule's alarms go to, by its label `severity`.
 * @param words those that settings map, in any case; they go before the known ones
 */
export function severityOf(
  label: string | undefined,
  words: Readonly<Record<string, PagingSeverity>>,
): Chosen {
  const known = new Map<string, PagingSeverity>([
    ...topics.critical.map((word) => [word, 'critical'] as const),
    ...topics.warning.map((word) => [word, 'warning'] as const),
    ...Object.entries(words).map(([word, topic]) => [word.toLowerCase(), topic] as const),
  ]);
  const severity = known.get(label?.toLowerCase() ?? '');
  if (severity !== undefined) return { severity, warnings: [] };
  const message =
    label === undefined || label === ''
      ? `no label severity: its alarms go to the topic ${otherwise}`
      : isTemplate(label)
        ? `severity "${label}" is a template, and an alarm has one topic: it goes to ${otherwise}`
        : `severity "${label}" is no word that is known: its alarms go to the topic ${otherwise}; map it in alarms.severities`;
  return { severity: otherwise, warnings: [{ code: 'severity', message }] };
}
