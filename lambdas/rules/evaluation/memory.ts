import { emptyAlerts, type AlertMemory } from '../alerts/alert-memory.ts';
import { emptySamples, type SampleMemory } from '../samples/samples.ts';

/** What a run of the rules keeps for the next one, as JSON data. */
export type RuleMemory = { readonly samples: SampleMemory; readonly alerts: AlertMemory };

export const emptyRules: RuleMemory = { samples: emptySamples, alerts: emptyAlerts };

/** The same without labels that servers are no longer asked for: what goes on without them goes on from it. */
export function withoutLabels(memory: RuleMemory, unread: readonly string[]): RuleMemory {
  const { samples, alerts } = memory;
  const has = [...samples.sets, ...alerts.sets].some(({ labels }) =>
    labels.some(({ name }) => unread.includes(name)),
  );
  if (!has) return memory;
  const cut = <T extends SampleMemory | AlertMemory>(some: T): T => ({
    ...some,
    sets: some.sets.map((each) => ({
      ...each,
      labels: each.labels.filter(({ name }) => !unread.includes(name)),
    })),
  });
  return { samples: cut(samples), alerts: cut(alerts) };
}
