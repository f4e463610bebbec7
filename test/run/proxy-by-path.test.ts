import { describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { minutes } from '../../lambdas/durations.ts';
import { endpoints } from '../../lambdas/readings/endpoints.ts';
import { run } from '../../lambdas/run/run.ts';
import { fakeWorld, minute, rawConnz, rawVarz, watchOf, type Answers } from '../engine/fake-ports.ts';

const now = rawVarz['now'];

/** What a server answers, by path. */
const repliesOf = (server_id: string): Record<string, object> => ({
  '/connz': { ...rawConnz, server_id },
  '/leafz': { server_id, now, leafnodes: 0, leafs: [] },
  '/routez': { server_id, now, routes: [] },
  '/gatewayz': { server_id, now, outbound_gateways: {}, inbound_gateways: {} },
  '/jsz': { server_id, now, disabled: true },
  '/accstatz': { server_id, now, account_statz: [{ acc: '$G', conns: 0, leafnodes: 0, slow_consumers: 0 }] },
});

/** `/varz` and `/healthz` come from A, these paths from B. */
const proxied = (ofB: readonly string[]): Answers => ({
  varz: { server_id: 'A' },
  paths: {
    ...repliesOf('A'),
    ...Object.fromEntries(Object.entries(repliesOf('B')).filter(([path]) => ofB.includes(path))),
  },
});
const all = Object.keys(repliesOf('B'));

/** What each of these checks reports of n1 within so many minutes. */
async function reported(answers: Answers, ids: readonly string[], runs: number) {
  const told: string[] = [];
  for (const check of checks.filter(({ id }) => ids.includes(id))) {
    const world = fakeWorld({ n1: answers });
    for (let n = 0; n < runs; n += check.every / minutes(1)) {
      const report = await run(check, watchOf(check), world.ports(), minute(n));
      for (const { kind, finding } of report?.notices ?? [])
        told.push(`${n} ${check.id}: ${kind} ${finding.diagnosis} ${finding.summary}`);
    }
  }
  return told;
}

const several = 'http://n1:8222 (n1) leads to 2 servers: ';

describe('a proxy that sends /varz and /healthz to one server and all else to another', () => {
  it('is told by the first look, once, with the URL and both ids, and by no other check', async () => {
    const told = await reported(
      proxied(all),
      checks.map(({ id }) => id),
      21,
    );
    expect(told.map((each) => each.replace(/ \(A\)/, ''))).toEqual([
      `0 server-up: opened SERVER_111 ${several}alone, B.`,
    ]);
  });

  it('is nothing where all come from one', async () => {
    expect(await reported(proxied([]), ['server-up', 'cluster-links', 'accounts'], 21)).toEqual([]);
  });

  it.each(['/connz', '/leafz', '/routez', '/gatewayz', '/jsz'])(
    'is told within some minutes where %s alone leads elsewhere, and stays told',
    async (path) => {
      const told = await reported(proxied([path]), ['server-up'], 60);
      expect(told.map((each) => each.replace(/^\d+ | \(A\)/g, ''))).toEqual([
        `server-up: opened SERVER_111 ${several}alone, B.`,
      ]);
    },
  );
});

it('asks who answers at each path in turn, be it in each run or in each fifth', () => {
  const asked = (each: number) =>
    new Set(Array.from({ length: 25 }, (_, i) => endpoints.answerer(i * each).request.path.split('?')[0]));
  const turns = [1, 2, 3, 4, 5].map((each) => [...asked(each)].toSorted());
  expect(turns).toEqual(Array(5).fill(['/connz', '/gatewayz', '/jsz', '/leafz', '/routez']));
});
