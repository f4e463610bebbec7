import type { PagingSeverity } from './alarm-spec.ts';
import type { StateAt } from './evaluator.ts';

/** A composite alarm as pure data: in ALARM while so many of other alarms are. */
export type CompositeSpec = {
  readonly name: string;
  readonly description: string;
  readonly severity: PagingSeverity;
  readonly atLeast: number;
  /** Names of the other alarms. */
  readonly of: readonly string[];
  /** The composite alarm that tells in its place while it is in ALARM; null for none. */
  readonly suppressor: Suppressor | null;
  readonly tags: Readonly<Record<string, string>>;
};

type Suppressor = {
  readonly name: string;
  /** How long its own message waits for the other alarm to go into ALARM. */
  readonly waitSeconds: number;
  /** How long it keeps silent after the other one has left ALARM. */
  readonly extensionSeconds: number;
};

/** CloudWatch's limits on a composite alarm. */
export const mostOf = { alarms: 100, characters: 10_240 } as const;

/** The rule as CloudWatch reads it. */
export function ruleText({ atLeast, of }: Pick<CompositeSpec, 'atLeast' | 'of'>): string {
  const names = of.map((name) => `"${name}"`);
  return atLeast === 1
    ? names.map((name) => `ALARM(${name})`).join(' OR ')
    : `AT_LEAST(${atLeast}, ALARM, (${names.join(', ')}))`;
}

/** One composite alarm on one line, for tables that people review. */
export function compositeLine({ name, atLeast, of, suppressor, severity }: CompositeSpec): string {
  const silent =
    suppressor === null
      ? []
      : [
          `silent while ${suppressor.name} (wait ${suppressor.waitSeconds} s, extension ${suppressor.extensionSeconds} s)`,
        ];
  return [name, `at least ${atLeast} of ${of.length} alarms ALARM`, ...silent, severity].join(' | ');
}

type States = (name: string) => readonly StateAt[];

/** The states of a composite alarm, of the same minutes as those of the alarms it is made of. */
export function compositeStates({ atLeast, of }: CompositeSpec, states: States): readonly StateAt[] {
  const children = of.map(states);
  return (children[0] ?? []).map(({ minute }, i) => {
    const now = children.map((each) => each[i]?.state);
    const inAlarm = now.filter((state) => state === 'ALARM').length;
    // Without any alarm that is known nothing is.
    const isUnknown = now.every((state) => state === 'INSUFFICIENT_DATA');
    return { minute, state: inAlarm >= atLeast ? 'ALARM' : isUnknown ? 'INSUFFICIENT_DATA' : 'OK' };
  });
}

/**
 * The changes of state that an alarm tells to its topic. While another one suppresses it, it tells none; what it is by the end
 * of that it tells then, where that is news.
 * @param suppressing the states of its suppressor, of the same minutes
 */
export function told(
  states: readonly StateAt[],
  suppressor: Suppressor | null = null,
  suppressing: readonly StateAt[] = [],
): readonly StateAt[] {
  const found: StateAt[] = [];
  const wait = (suppressor?.waitSeconds ?? 0) / 60;
  const extension = (suppressor?.extensionSeconds ?? 0) / 60;
  let last = states[0]?.state;
  let changedAt = -Infinity;
  let suppressedAt = -Infinity;
  states.forEach(({ minute, state }, i) => {
    if (state !== states[i - 1]?.state) changedAt = minute;
    const isSuppressed = suppressing[i]?.state === 'ALARM';
    if (isSuppressed) suppressedAt = minute;
    const isWaiting = state === 'ALARM' && minute < changedAt + wait;
    if (state === last || isSuppressed || isWaiting || minute <= suppressedAt + extension) return;
    last = state;
    found.push({ minute, state });
  });
  return found;
}
