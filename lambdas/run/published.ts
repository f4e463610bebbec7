import type { Check } from '../define.ts';
import { days } from '../durations.ts';
import type { Observed } from '../engine/judgement/observe.ts';
import { asChanged, isDue, type Told } from '../engine/now-and-then.ts';
import { crosses } from '../limits.ts';
import { ruleSeries, shownEveryMs, type RulePlan } from '../rules/plan.ts';
import { textHash } from '../text-hash.ts';

/** What a check remembers of what alarms compare. */
export type Watched = Told & {
  /** Of what they compare with and what is deployed: other alarms are new. */
  readonly plan: number;
  /** By series and labels, what was beyond a limit lately: how often it is to be told yet, and when it was last. */
  readonly beyond: Readonly<Record<string, { readonly left: number; readonly at: number }>>;
};

/** As it was stored; null for what is damaged, or of another release. */
export const watchedOf = (stored: unknown): Watched | null => {
  const { plan, beyond } = (stored ?? {}) as Partial<Watched>;
  const isSound =
    typeof plan === 'number' &&
    typeof beyond === 'object' &&
    (beyond as unknown) !== null &&
    Object.values(beyond).every(isTelling);
  return isSound ? (stored as Watched) : null;
};
const isTelling = (stored: unknown): boolean => {
  const { left, at } = (stored ?? {}) as Partial<Watched['beyond'][string]>;
  return typeof left === 'number' && typeof at === 'number';
};

/** What is remembered, where what was told lately may not have been sent in time: it does not count as told. */
export const asUnsent = (watched: Watched | null, at: number): Watched | null => {
  const anew = asChanged(watched, at);
  return anew === null
    ? null
    : {
        ...anew,
        beyond: Object.fromEntries(
          Object.entries(anew.beyond).map(([key, each]) => [key, { ...each, left: each.left + 1 }]),
        ),
      };
};

type Run = {
  readonly check: Pick<Check, 'series' | 'every'>;
  readonly plan: Pick<RulePlan, 'published' | 'compared'>;
  readonly at: number;
  /** A number of what is deployed; nothing else where it is left out. */
  readonly deployed?: number;
  /** By an earlier run; null where none is remembered. */
  readonly watched: Watched | null;
};

/**
 * What a deployment publishes of what a run observed. What alarms compare is told while it is beyond a limit, for a while after
 * that, and now and then; in between they keep their state. What is only shown is published of the cluster, in the name of no
 * server; of what adds up zeros are left out.
 */
export function published(
  observed: readonly Observed[],
  { check, ...run }: Run,
): { readonly told: readonly Observed[]; readonly watched: Watched | null } {
  const { plan, at, watched } = run;
  if (plan.published === null) return { told: observed, watched };
  const ways = Map.groupBy(plan.published, ({ name }) => name);
  const waysOf = ({ observation: { series: name } }: Observed): readonly string[] => {
    if (check.series.some((one) => one.name === name)) return (ways.get(name) ?? []).map(({ as }) => as);
    return name === ruleSeries.sent ? ['observed'] : ['compared'];
  };
  const asWay = (way: string) => observed.filter((each) => waysOf(each).includes(way));
  const compared = whereItMatters(asWay('compared'), run);
  return {
    told: [
      ...asWay('observed'),
      ...compared.told,
      ...asWay('shown').flatMap((each) => shown(each, check, at)),
    ],
    watched: compared.watched,
  };
}

/** How often a value that is within its limits again is told: alarms look further back than at the datapoints that decide. */
const tellings = (datapoints: number): number => 2 * datapoints + 5;
/** What is not seen any more may come back, as a server that was shut down: its alarms are in the state that it left them in. */
const remembersFor = days(30);
/** For so long it matters what else is compared beside it. */
const mattersFor = days(1);

function whereItMatters(
  observed: readonly Observed[],
  { plan: { compared }, at, deployed, watched: last }: Omit<Run, 'check'>,
): { readonly told: readonly Observed[]; readonly watched: Watched | null } {
  if (observed.length === 0) return { told: [], watched: last };
  const plan = textHash(JSON.stringify([compared, deployed ?? 0]), 0);
  // What was beyond a limit is known yet: its server may be down, and come back long after the deployment.
  const same = last?.plan === plan ? last : null;
  const now = observed.map((each) => {
    const { series, labels, value } = each.observation;
    const key = JSON.stringify([series, labels]);
    const crossed = compared.filter(
      ({ name, rule, direction, threshold }) =>
        name === series && (rule === null || rule === labels['rule']) && crosses[direction](value, threshold),
    );
    const left = Math.max(
      (last?.beyond[key]?.left ?? 0) - 1,
      ...crossed.map((one) => tellings(one.datapoints)),
    );
    return { each, key, left };
  });
  const isTime = same === null || isDue(same, at);
  const isCondition = ({ observation: { series } }: Observed) =>
    !compared.some(({ name }) => name === series);
  const known = Object.entries(last?.beyond ?? {}).filter((entry) => at - entry[1].at <= remembersFor);
  const matters =
    known.some(([, { at: seenAt }]) => at - seenAt <= mattersFor) || now.some(({ left }) => left > 0);
  return {
    told: now.flatMap(({ each, left }) =>
      isTime || left >= 0 || (matters && isCondition(each)) ? [each] : [],
    ),
    watched: {
      ...(isTime ? { at, since: same?.since ?? at } : { at: same.at, since: same.since }),
      plan,
      beyond: Object.fromEntries(
        [...new Map([...known, ...now.map(({ key, left }) => [key, { left, at }] as const)])].filter(
          ([, { left }]) => left > 0,
        ),
      ),
    },
  };
}

function shown(each: Observed, { series, every }: Run['check'], at: number): readonly Observed[] {
  const { series: name, labels, value } = each.observation;
  const addsUp = series.find((one) => one.name === name)?.addsUp === true;
  const isTime = every >= shownEveryMs || at % shownEveryMs === 0;
  if (addsUp ? value === 0 : !isTime) return [];
  const ofCluster = Object.fromEntries(Object.entries(labels).filter(([label]) => label !== 'server_id'));
  return [{ ...each, observation: { ...each.observation, labels: ofCluster } }];
}
