import { builtInGroups } from '../../infra/rules/built-in.ts';
import { mirrors, type Mirror } from '../../infra/settings/mirrors.ts';
import { httpSource } from '../../lambdas/adapters/http/source.ts';
import { seconds } from '../../lambdas/durations.ts';
import { parse, selectorsOf } from '../../lambdas/promql/index.ts';
import type { SeriesDefinition } from '../../lambdas/series/definition.ts';
import { findSeries } from '../../lambdas/series/find.ts';
import { observer } from '../../lambdas/series/observe.ts';
import type { SeriesReplies } from '../../lambdas/series/replies.ts';
import { requestsOf } from '../../lambdas/series/requests.ts';
import type { Scene } from '../promql/promtool.ts';
import type { NatsServer } from '../services/nats-server.ts';

/** The series that built-in rules read, by the name they give them. */
const seriesOf = (mirror: Mirror): ReadonlyMap<string, SeriesDefinition> =>
  new Map(
    builtInGroups(mirror, 2)
      .flatMap(({ rules }) => rules)
      .flatMap(({ expr }) => {
        const { ast } = parse(expr);
        if (ast === undefined) throw new Error(`${expr} does not parse`);
        return selectorsOf(ast);
      })
      .map(({ name = '' }) => {
        const [series] = findSeries(name);
        if (series === undefined) throw new Error(`${name} is no series of the exporter`);
        return [name, series] as const;
      }),
  );

const all = [...new Set(mirrors.flatMap((mirror) => [...seriesOf(mirror).values()]))];

/** What each server answered to what built-in rules read; null in place of a reply that did not come. */
export type Look = Readonly<Record<string, SeriesReplies>>;

/** Looks at real servers once. */
export async function lookAt(servers: readonly NatsServer[]): Promise<Look> {
  const source = httpSource({ timeoutMs: seconds(60) });
  try {
    const replies = servers.map(async ({ name, monitoringUrl }) => {
      const read = requestsOf(all).map(async ({ reply, request }) => {
        const reading = await source.read({ name, url: monitoringUrl }, request);
        return [reply, reading.ok ? reading.value.json : null] as const;
      });
      return [name, Object.fromEntries(await Promise.all(read))] as const;
    });
    return Object.fromEntries(await Promise.all(replies));
  } finally {
    await source.close();
  }
}

/** What was seen, and for how many minutes it stayed so. */
export type Phase = { readonly look: Look; readonly minutes: number };

/** The series of phases that follow upon each other from minute 0 on, in promtool's notation. */
export function seriesIn(phases: readonly Phase[], mirror: Mirror): Scene['series'] {
  const samples = phases.map(({ look }) => samplesOf(look, seriesOf(mirror)));
  const keys = [...new Set(samples.flatMap((some) => [...some.keys()]))];
  return keys.map((series) => ({
    series,
    values: phases
      .flatMap(({ minutes }, index) => Array<string>(minutes).fill(samples[index]?.get(series) ?? 'stale'))
      .join(' '),
  }));
}

function samplesOf(look: Look, expected: ReadonlyMap<string, SeriesDefinition>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(look).flatMap(([server, replies]) => {
      const observe = observer(replies, { server_id: server, instance: `${server}:8222`, job: 'nats' });
      return [...expected].flatMap(([name, series]) => {
        const decoded = observe(series);
        if (!decoded.ok) throw new Error(`${server}: ${decoded.problem}`);
        return decoded.value.map(({ labels, value }) => {
          const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
          return [`${name}{${pairs.join(',')}}`, String(value)] as const;
        });
      });
    }),
  );
}
