import { expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { hours, minutes } from '../../lambdas/durations.ts';
import { understand } from '../../infra/settings.ts';
import { run } from '../../lambdas/run/run.ts';
import { watchesOf } from '../../lambdas/run/watch.ts';
import { fakeWorld } from '../engine/fake-ports.ts';
import { leafServers, names, ordinaryCluster } from './ordinary-cluster.ts';

/** Looks are a minute apart while something happens, else three, after which what waits for its `for` still goes on. */
const isBusy = (minute: number): boolean =>
  minute % 3 === 0 || happening.some(([from, to]) => minute >= from && minute < to);
const aDay = hours(24) / minutes(1);

/** What happens at which minute. */
type Happening = (cluster: ReturnType<typeof ordinaryCluster>) => void;
type Plan = ReadonlyMap<number, Happening>;

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const of = (hour: number, minute: number): number => hour * 60 + minute;

const happening = [
  [of(9, 25), of(10, 40)],
  [of(13, 55), of(15, 30)],
] as const;

const plan: Plan = new Map<number, Happening>([
  // Two applications are deployed in the morning, one again in the afternoon.
  ...([0, 1, 2] as const).map((third): [number, Happening] => [
    of(9, 30 + 2 * third),
    (cluster) => cluster.deploy('orders', third),
  ]),
  ...([0, 1, 2] as const).map((third): [number, Happening] => [
    of(10, 10 + third),
    (cluster) => cluster.deploy('shipping', third),
  ]),
  ...([0, 1, 2] as const).map((third): [number, Happening] => [
    of(15, 2 * third),
    (cluster) => cluster.deploy('orders', third),
  ]),
  // The cluster is rolled: looks meet one of three servers while it drains.
  [of(14, 0), (cluster) => cluster.drain('east3')],
  [of(14, 1), (cluster) => cluster.restart('east3')],
  [of(14, 4), (cluster) => cluster.restart('east2')],
  [of(14, 7), (cluster) => cluster.restart('east1')],
]);

it('a day of an ordinary cluster, with deployments and a rolling restart, is told in these words', async () => {
  const raw = {
    clusters: [
      {
        name: 'east',
        targets: names.map((name) => ({ name, url: `http://${name}:8222` })),
        expect: { servers: names, leafnodes: leafServers, accounts: ['APP'] },
      },
    ],
  };
  const { settings, book, translated } = understand(raw, 'an ordinary day');
  const [watch] = watchesOf(settings, book, { ...translated.plan, groups: [] });
  if (watch === undefined) throw new Error('no cluster');
  const cluster = ordinaryCluster();
  const world = fakeWorld({});
  const ports = world.ports();
  const source = {
    read: (from: { readonly name: string }, { path }: { readonly path: string }) =>
      Promise.resolve(cluster.answer(from.name, path)),
  };
  const [told, shown] = [new Array<string>(), new Set<string>()];
  const asking = checks.filter(({ evaluates }) => evaluates === 'diagnoses');
  for (let minute = 0; minute < aDay; minute += 1) {
    if (minute > 0) cluster.pass();
    plan.get(minute)?.(cluster);
    if (!isBusy(minute)) continue;
    for (const check of asking) {
      if (minutes(minute) % check.every !== 0) continue;
      const report = await run(check, watch, { ...ports, source, now: cluster.at }, cluster.at());
      for (const { kind, severity, finding } of report?.notices ?? [])
        told.push(`${clock(minute)} ${kind} ${finding.diagnosis} ${severity}: ${finding.summary}`);
      for (const { findings } of report?.entries ?? [])
        for (const { diagnosis, severity, entity } of findings)
          if (severity === 'info') shown.add(`${diagnosis} ${entity.name}`);
    }
  }
  expect(told).toMatchInlineSnapshot(`[]`);
  expect([...shown].toSorted()).toMatchInlineSnapshot(`
    [
      "CLUSTER_101 east3",
      "CONN_003 east1",
      "CONN_003 east2",
      "CONN_003 east3",
      "SERVER_008 east3",
      "USER_002 app (APP)",
    ]
  `);
});
