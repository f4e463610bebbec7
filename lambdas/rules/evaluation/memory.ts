import { emptyAlerts, readAlerts, type AlertMemory } from '../alerts/alert-memory.ts';
import { emptySamples, readSamples, type SampleMemory } from '../samples/samples.ts';

/** What a run of the rules keeps for the next one, as JSON data. */
export type RuleMemory = { readonly samples: SampleMemory; readonly alerts: AlertMemory };

export const emptyRules: RuleMemory = { samples: emptySamples, alerts: emptyAlerts };

/**
 * Checks what was stored, and gives it.
 * @throws Error that says what is wrong if it is no memory of rules
 */
export function readRules(stored: unknown): RuleMemory {
  const { samples, alerts } = (stored ?? {}) as Partial<Record<keyof RuleMemory, unknown>>;
  return { samples: readSamples(samples), alerts: readAlerts(alerts) };
}
