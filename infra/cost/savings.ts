/** A change of settings that may cost less, and watches no less. */
export type Change = {
  /** As it is written in the settings. */
  readonly change: string;
  /** The same settings with it. */
  readonly apply: (raw: Settings) => Settings;
};
export type Settings = Readonly<Record<string, unknown>>;

export type Saving = {
  readonly change: string;
  /** Dollars a month by list price. */
  readonly monthly: number;
};

const part = (raw: Settings, key: string): Settings =>
  typeof raw[key] === 'object' && raw[key] !== null ? (raw[key] as Settings) : {};
const within = (key: string, more: Settings) => (raw: Settings) => ({
  ...raw,
  [key]: { ...part(raw, key), ...more },
});

export const changes: readonly Change[] = [
  { change: 'alarms.engine: promql', apply: within('alarms', { engine: 'promql' }) },
  { change: 'alarms.per: cluster', apply: within('alarms', { per: 'cluster' }) },
  { change: 'dashboard: false', apply: (raw) => ({ ...raw, dashboard: false }) },
  { change: 'publish: []', apply: (raw) => ({ ...raw, publish: [] }) },
  { change: 'functions.architecture: arm64', apply: within('functions', { architecture: 'arm64' }) },
  { change: 'topics.key: left out, as SNS encrypts by itself', apply: within('topics', { key: undefined }) },
];

const mostSavings = 3;
const aCent = 0.01;

/**
 * The changes that save most, the largest first, each by itself, by what settings with it cost.
 * @param costOf null where settings do not take a change, or would watch less with it
 */
export function savingsOf(
  raw: Settings,
  monthly: number,
  costOf: (changed: Settings) => number | null,
): readonly Saving[] {
  return changes
    .flatMap(({ change, apply }): readonly Saving[] => {
      const saved = monthly - (costOf(apply(raw)) ?? Infinity);
      return saved >= aCent ? [{ change, monthly: saved }] : [];
    })
    .sort((a, b) => b.monthly - a.monthly)
    .slice(0, mostSavings);
}
