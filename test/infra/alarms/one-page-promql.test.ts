import { describe, expect, it } from 'vitest';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import type { AlarmSpec, Promql } from '../../../infra/cloudwatch/alarm-spec.ts';
import { understand } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import type { SeriesPoint } from '../../../lambdas/ports.ts';
import { evaluate, metricName, parse, readerOf, written } from '../../../lambdas/promql/index.ts';
import { watchesOf } from '../../../lambdas/run/watch.ts';
import { minute as timeOf, type Answers } from '../../engine/fake-ports.ts';
import { failing } from '../../kit.ts';
import { disagreements } from '../../promql/parity.ts';
import { ruleWorld, serverAt } from '../../rules/rule-world.ts';
import { deployed as deployedRules } from '../rules.ts';

type Minute = {
  /** Servers that do not answer. */
  readonly down?: readonly string[];
  /** Servers that cannot be asked for a reason of ours. */
  readonly unasked?: readonly string[];
  /** Whether the function of rules does not run. */
  readonly isLost?: boolean;
};

const servers = ['n1', 'n2', 'n3'];
const last = 25;

const deployed = (clusters: Readonly<Record<string, readonly string[]>>) =>
  understand(
    {
      clusters: Object.entries(clusters).map(([name, of]) => ({
        name,
        targets: of.map((server) => ({ name: server, url: `http://${server}:8222` })),
      })),
      alarms: { engine: 'promql' },
    },
    'one page',
  );

/** What the function of rules sends to CloudWatch, minute by minute. */
async function sentOf(
  { settings, book, translated: { plan } }: ReturnType<typeof deployed>,
  timeLine: (minute: number) => Minute,
): Promise<readonly SeriesPoint[]> {
  const sent: SeriesPoint[] = [];
  const sink = {
    put: (points: readonly SeriesPoint[]) => {
      sent.push(...points);
      return Promise.resolve({ offered: points.length, refused: [], rejected: 0, messages: [] });
    },
  };
  for (const watch of watchesOf(settings, book, plan)) {
    const names = watch.targets.map(({ name }) => name);
    const world = ruleWorld(plan, names);
    for (let minute = 0; minute <= last; minute += 1) {
      const { down = [], unasked = [], isLost = false } = timeLine(minute);
      if (isLost) continue;
      const answering = names.filter((name) => !down.includes(name));
      const answers = answering.map((name): readonly [string, Answers] => [
        name,
        unasked.includes(name)
          ? { paths: { '/varz': failing('dns') } }
          : serverAt(name, minute, { cpu: 1, mem: 1 }),
      ]);
      await world.run(minute, Object.fromEntries(answers), { ...watch, sink });
    }
  }
  return sent;
}

/** Which elements of an alarm's result are there, by minute. */
function contributors({ query }: Promql, sent: readonly SeriesPoint[]): readonly (readonly string[])[] {
  const { ast } = parse(query, 3);
  if (ast === undefined) throw new Error(query);
  const bySeries = Map.groupBy(sent, ({ name, labels }) => written({ ...labels, [metricName]: name }));
  const series = [...bySeries.values()].map((points) => ({
    labels: { ...points[0]?.labels, [metricName]: points[0]?.name ?? '' },
    samples: points.map(({ at, value }) => [at, value] as const),
  }));
  const read = readerOf(series, 3);
  return Array.from({ length: last + 1 }, (_, minute) => {
    const value = evaluate(ast, { at: timeOf(minute), read, edition: 3 });
    if (value.type !== 'vector') throw new Error(query);
    return value.samples.map(({ labels }) => labels['server_id'] ?? '');
  });
}

/** What is told of an alarm, by the way that AWS describes pending and recovery: of each contributor by itself. */
function toldOf(
  { name, compared }: AlarmSpec,
  sent: readonly SeriesPoint[],
): readonly (readonly [number, string])[] {
  if (compared.kind !== 'promql') return [];
  const since = new Map<string, number>();
  const isOn = new Set<string>();
  const what = name.replace('nats/', '');
  return contributors(compared, sent).flatMap((there, minute) => {
    const told: (readonly [number, string])[] = [];
    const tell = (who: string, state: string) =>
      told.push([minute, [what, who, state].filter(Boolean).join(' ')]);
    for (const who of [...since.keys()].filter((each) => !there.includes(each))) {
      since.delete(who);
      if (isOn.delete(who)) tell(who, 'OK');
    }
    for (const who of there) {
      if (!since.has(who)) since.set(who, minute);
      const heldSeconds = (minute - (since.get(who) ?? minute)) * 60;
      if (isOn.has(who) || heldSeconds < compared.pendingSeconds) continue;
      isOn.add(who);
      tell(who, 'ALARM');
    }
    return told;
  });
}

async function pages(
  timeLine: (minute: number) => Minute,
  clusters: Readonly<Record<string, readonly string[]>> = { prod: servers },
): Promise<readonly string[]> {
  const loaded = deployed(clusters);
  const sent = await sentOf(loaded, timeLine);
  return alarmSpecs({ checks, ...loaded })
    .flatMap((spec) => toldOf(spec, sent))
    .toSorted(([a], [b]) => a - b)
    .map(([minute, text]) => `${minute} ${text}`);
}

const during = (from: number, to: number, minute: Minute) => (at: number) =>
  at >= from && at <= to ? minute : {};
const down = 'prod/NatsServerDown/critical';
const all = 'prod/all-servers-down';

describe('with the engine promql', () => {
  it('nobody is paged while all is well, nor for servers that do not answer for two minutes', async () => {
    expect([await pages(() => ({})), await pages(during(5, 6, { down: servers }))]).toEqual([[], []]);
  });

  it('one of three servers is its own page', async () => {
    expect(await pages(during(5, 15, { down: ['n2'] }))).toEqual([`7 ${down} n2 ALARM`, `16 ${down} n2 OK`]);
  });

  it('two of three are a page each', async () => {
    expect(await pages(during(5, 15, { down: ['n1', 'n2'] }))).toEqual([
      `7 ${down} n1 ALARM`,
      `7 ${down} n2 ALARM`,
      `16 ${down} n1 OK`,
      `16 ${down} n2 OK`,
    ]);
  });

  it('all at once are one page for the cluster, and one that it is over', async () => {
    expect(await pages(during(5, 15, { down: servers }))).toEqual([`7 ${all} ALARM`, `16 ${all} OK`]);
  });

  it('so are those that went down within a minute of each other', async () => {
    expect(
      await pages((minute) => ({
        down: minute < 5 ? [] : minute < 6 ? ['n1'] : minute <= 15 ? servers : [],
      })),
    ).toEqual([`8 ${all} ALARM`, `16 ${all} OK`]);
  });

  it('who stays down when others are back is paged then', async () => {
    expect(
      await pages((minute) => ({
        down: minute < 5 ? [] : minute <= 15 ? servers : minute <= 20 ? ['n3'] : [],
      })),
    ).toEqual([`7 ${all} ALARM`, `16 ${all} OK`, `18 ${down} n3 ALARM`, `21 ${down} n3 OK`]);
  });

  it('one, then the others: one page, then that of the cluster; none is said to be up that is not', async () => {
    expect(
      await pages((minute) => ({
        down: minute < 5 ? [] : minute < 11 ? ['n1'] : minute <= 15 ? servers : [],
      })),
    ).toEqual([`7 ${down} n1 ALARM`, `13 ${all} ALARM`, `16 ${down} n1 OK`, `16 ${all} OK`]);
  });

  it('one that is down for good beside another that comes and goes is paged, whether all are down then or not', async () => {
    const flapping = (minute: number): Minute => ({
      down: minute < 5 ? [] : minute % 2 === 1 ? ['n1'] : ['n1', 'n2'],
    });
    expect(await pages(flapping, { prod: ['n1', 'n2'] })).toEqual([`11 ${down} n1 ALARM`]);
  });

  it('one that went down a minute before the others is not paged after runs that are lost while all are down', async () => {
    expect(
      await pages((minute) => ({
        down: minute < 5 ? [] : minute < 6 ? ['n1'] : minute <= 15 ? servers : [],
        isLost: minute > 8 && minute < 12,
      })),
    ).toEqual([`8 ${all} ALARM`, `16 ${all} OK`]);
  });

  it('the others are not taken for down that could not be asked', async () => {
    expect(await pages(during(5, 15, { down: ['n1', 'n2'], unasked: ['n3'] }))).toEqual([
      `7 ${down} n1 ALARM`,
      `7 ${down} n2 ALARM`,
      `16 ${down} n1 OK`,
      `16 ${down} n2 OK`,
    ]);
  });

  it('a run that is lost meanwhile changes nothing', async () => {
    expect(
      await pages((minute) => ({
        ...during(5, 15, { down: servers })(minute),
        isLost: [6, 9].includes(minute),
      })),
    ).toEqual([`7 ${all} ALARM`, `16 ${all} OK`]);
  });

  it('the only server of its cluster is one page, beside another cluster that is down as a whole', async () => {
    expect(
      await pages(during(5, 15, { down: ['n1', 'n2', 'lone'] }), {
        prod: ['n1', 'n2'],
        edge: ['lone'],
        west: ['w1', 'w2'],
      }),
    ).toEqual([
      '7 nats-cloudwatch/NatsServerDown/critical lone ALARM',
      `7 ${all} ALARM`,
      '16 nats-cloudwatch/NatsServerDown/critical lone OK',
      `16 ${all} OK`,
    ]);
  });
});

describe('rules of a team', () => {
  const query = (expr: string, of: readonly string[] = servers): string => {
    const targets = of.map((name) => ({ name, url: `http://${name}:8222`, labels: { az: 'a' } }));
    const rules = { groups: [{ name: 'g', rules: [{ alert: 'Mine', expr }] }] };
    const settings = { clusters: [{ name: 'prod', targets }], alarms: { engine: 'promql' } };
    const compared = deployedRules(settings, JSON.stringify(rules), { checks }).translated.specs[0]?.compared;
    return compared?.kind === 'promql' ? compared.query : '';
  };

  it('that page for servers that are down leave out those that went down together, others stay as they are', () => {
    const unless = '\nunless nats_down_together == 1';
    expect(
      ['up{az="a"} == 0 # of one zone', '(up < 1)', '0 == up', 'sum(up) < 2', 'gnatsd_varz_mem > 1'].map(
        (expr) => query(expr).replace(expr, 'EXPR'),
      ),
    ).toEqual([`EXPR${unless}`, `EXPR${unless}`, `EXPR${unless}`, 'EXPR', 'EXPR']);
  });

  it('are as they were for a cluster of one server, whose page is its own', () => {
    expect(query('up == 0', ['n1'])).toBe('up == 0');
  });

  it('mean the same to Prometheus', async () => {
    const series = ['n1', 'n2', 'n3'].flatMap((name, i) => {
      const labels = `{server_id="${name}", az="a", job="nats"}`;
      return [
        { series: `up${labels}`, values: i === 2 ? '1x9' : '1x3 0x5' },
        { series: `nats_down_together${labels}`, values: i === 0 ? '0x3 1x3 0x1' : '0x9' },
      ];
    });
    const text = query('up{az="a"} == 0 # of one zone');
    const questions = Array.from({ length: 9 }, (_, minute) => ({ text, atMs: minute * 60_000 }));
    expect(await disagreements(3, [{ stepSeconds: 60, series, questions }])).toEqual([]);
  });
});
