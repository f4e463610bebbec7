import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { startHealthy } from '../scenes/healthy.ts';
import type { TwoHubs } from '../scenes/two-hubs.ts';
import { watchingLive, type LiveLook } from './watching.ts';

const essential = ['2.15.1', '2.10.27'] as const;

describe.each(essential)('a hub restarted between two runs, on nats-server %s', (version) => {
  let scene: TwoHubs;
  let looks: Readonly<Record<string, readonly LiveLook[]>>;
  beforeAll(async () => {
    scene = await startHealthy({ version });
    // At first it has other ports in its configuration, which would be a reason.
    await scene.hub1.restart();
    await scene.settled(2);
    const cluster = { expect: { leafnodes: ['leaf1', 'leaf2'] } };
    const watched = checks.map(({ id }) => ({ id, watch: watchingLive(id, scene.targets, { cluster }) }));
    await Promise.all(watched.map(({ watch }) => watch.looks(2)));
    await scene.hub1.restart();
    await scene.settled(2);
    const after = watched.map(async ({ id, watch }) => [id, await watch.looks(8)] as const);
    looks = Object.fromEntries(await Promise.all(after));
  });
  afterAll(() => scene.stop());

  it('is told once, as what it is', () => {
    expect(Object.values(looks).flatMap((each) => each.flatMap(({ reported }) => reported))).toEqual([
      'opened SERVER_008 warning hub1',
    ]);
  });

  it('is ok in every other run after it', () => {
    const outcomes = Object.values(looks).flatMap((each) =>
      each.flatMap(({ found, outcomes: all }) => (found.length > 0 ? [] : Object.values(all))),
    );
    expect(new Set(outcomes)).toEqual(new Set(['ok', 'not-applicable']));
  });
});
