import { describe, expect, it } from 'vitest';
import { atLeast, defineDiagnosis, hours, measured, minutes, window } from '../../lambdas/define.ts';
import { emptyMemory } from '../../lambdas/engine/memory-state.ts';
import severalServers from '../../lambdas/diagnoses/server/server-111-several-servers.ts';
import type { DnsTarget } from '../../lambdas/readings/found-by-name.ts';
import { run } from '../../lambdas/run/run.ts';
import { discover } from '../../lambdas/run/discover.ts';
import { checkOf, fakeWorld, minute, watchOf, type Answers } from '../engine/fake-ports.ts';
import { closing, crowds } from '../engine/sample-checks.ts';
import { failing } from '../kit.ts';
import { closingServer } from '../readings/closing-server.ts';

const dns: DnsTarget = { dns: 'nats.internal', port: 8222, scheme: 'http', expect: null, labels: {} };
const named = (name: string, more: object = {}): Answers => ({ varz: { server_name: name, ...more } });

/** Servers behind `nats.internal`, by address. */
function worldOf(answers: Readonly<Record<string, Answers>>) {
  const world = fakeWorld({ ...answers, 'nats.internal': { varz: failing('dns') } });
  world.addresses = { 'nats.internal': Object.keys(answers) };
  return world;
}
const watch = (check = crowds) => ({ ...watchOf(check, []), dnsTargets: [dns] });
const outcomesOf = (report: Awaited<ReturnType<typeof run>>) =>
  Object.fromEntries(report?.entries.map(({ target, outcome }) => [target ?? 'cluster', outcome]) ?? []);

describe('a run on a DNS name', () => {
  it('reads /varz of each address once, and all else under the names that the servers have', async () => {
    const world = worldOf({
      '10.0.0.1': { ...named('nats-0'), closed: closingServer().page },
      '10.0.0.2': { varz: failing('timeout') },
    });
    const report = await run(closing, watch(closing), world.ports(), minute(0));
    const ring = '/connz?state=closed&sort=stop&limit=256&offset=0';
    expect(world.reads).toEqual(['10.0.0.1 /varz', '10.0.0.2 /varz', `10.0.0.2 ${ring}`, `nats-0 ${ring}`]);
    expect(outcomesOf(report)).toMatchObject({ '10.0.0.2': 'unknown', 'nats-0': 'ok' });
    expect(report?.targets.map(({ name, url }) => [name, url])).toEqual([
      ['10.0.0.2', 'http://10.0.0.2:8222'],
      ['nats-0', 'http://10.0.0.1:8222'],
    ]);
  });

  it('has targets of settings beside it, whose names it takes from nobody', async () => {
    const world = worldOf({ '10.0.0.1': named('n1') });
    world.answers = { ...world.answers, n1: {} };
    const report = await run(
      crowds,
      { ...watch(), ...watchOf(crowds), dnsTargets: [dns] },
      world.ports(),
      minute(0),
    );
    expect(report?.targets.map(({ name, url }) => [name, url])).toEqual([
      ['n1', 'http://n1:8222'],
      ['n1-2', 'http://10.0.0.1:8222'],
    ]);
  });

  it('starts anew, and says so, where what it remembers of names is damaged', async () => {
    const world = worldOf({ '10.0.0.1': named('nats-0') });
    const claimed = await world.memory.claim({ check: 'crowds', cluster: 'c1' }, minute(0));
    const damaged = { format: 1, ...emptyMemory, found: { 'nats.internal:8222': 5 } };
    await claimed?.save(JSON.stringify(damaged), { datapoints: [], messages: [] });
    const report = await run(crowds, watch(), world.ports(), minute(1));
    expect(outcomesOf(report)).toMatchObject({ 'nats-0': 'ok' });
    expect(world.warnings).toEqual([
      expect.stringContaining(
        'crowds, cluster c1: memory cannot be gone on from, starting as on a first run',
      ),
    ]);
  });

  it('prepares what its servers do not change but once', async () => {
    const world = worldOf({ '10.0.0.1': named('nats-0') });
    const settings = watch();
    const found = () => discover(settings, world.ports(), { at: minute(0), memory: emptyMemory });
    const [first, second] = [await found(), await found()];
    world.addresses = { 'nats.internal': [] };
    const third = await found();
    expect([second.watch === first.watch, third.watch === first.watch]).toEqual([true, false]);
  });

  it('watches no more than a record holds, and says so', async () => {
    const addresses = Array.from({ length: 401 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    const world = worldOf({});
    world.addresses = { 'nats.internal': addresses };
    const { watch: found } = await discover(watch(), world.ports(), { at: minute(0), memory: emptyMemory });
    expect([found.targets.length, world.warnings]).toEqual([
      400,
      ['nats.internal has 401 addresses, of which 400 are watched'],
    ]);
  });

  it('says nothing of its servers while DNS says nothing, not even on the first run', async () => {
    const world = worldOf({ '10.0.0.1': named('nats-0') });
    const looks = [];
    world.addresses = {};
    looks.push(await run(crowds, watch(), world.ports(), minute(0)));
    world.addresses = { 'nats.internal': ['10.0.0.1'] };
    looks.push(await run(crowds, watch(), world.ports(), minute(1)));
    world.addresses = {};
    looks.push(await run(crowds, watch(), world.ports(), minute(2)));
    expect(looks.map(outcomesOf)).toMatchObject([
      { 'nats.internal': 'unknown' },
      { 'nats-0': 'ok' },
      { 'nats-0': 'unknown' },
    ]);
  });
});

describe('a server in whose place another of its name was started', () => {
  it('is one target that moved, not one URL that leads to two servers', async () => {
    const check = checkOf({ diagnoses: [severalServers] });
    const [old, next] = [named('nats', { server_id: 'OLD' }), named('nats', { server_id: 'NEW' })];
    const world = worldOf({ '10.0.0.1': old, '10.0.0.2': next });
    const seen: unknown[] = [];
    for (const [n, addresses] of [
      ['10.0.0.1'],
      ['10.0.0.1', '10.0.0.2'],
      ['10.0.0.2'],
      ['10.0.0.2'],
    ].entries()) {
      world.addresses = { 'nats.internal': addresses };
      const report = await run(check, watch(check), world.ports(), minute(n));
      seen.push(Object.fromEntries(report?.entries.map(({ target, outcome }) => [target, outcome]) ?? []));
    }
    expect(seen).toMatchObject([
      { nats: 'ok' },
      { nats: 'ok', 'nats-2': 'ok' },
      { nats: 'ok' },
      { nats: 'ok' },
    ]);
  });
});

describe('a server that left its DNS name', () => {
  const full = { connections: 12 };
  /** The notices of each minute from the third on, after a server that is too full was gone, and came back. */
  async function leaving(minutesAway: number) {
    const world = worldOf({ '10.0.0.1': named('nats-0', full) });
    const told: (readonly string[])[] = [];
    const look = async (n: number) => {
      const report = await run(crowds, watch(), world.ports(), minute(n));
      told.push(report?.notices.map(({ kind, finding }) => `${kind} ${finding.entity.name}`) ?? []);
    };
    await look(0);
    world.addresses = { 'nats.internal': [] };
    for (let n = 1; n <= minutesAway; n += 1) await look(n);
    world.addresses = { 'nats.internal': ['10.0.0.1'] };
    await look(minutesAway + 1);
    return told;
  }

  it('has findings that wait for five minutes whether it comes back, and then end', async () => {
    expect((await leaving(5)).flat()).toEqual(['opened nats-0']);
    expect(await leaving(7)).toEqual([
      ['opened nats-0'],
      [],
      [],
      [],
      [],
      [],
      ['resolved nats-0'],
      [],
      ['opened nats-0'],
    ]);
  });

  it('goes on with its histories when it comes back within a day, with those of nobody after', async () => {
    const growing = checkOf({
      diagnoses: [
        defineDiagnosis({
          id: 'CONN_902',
          title: 'Looks at a server',
          scope: 'server',
          reads: {},
          history: { looks: window(hours(48)) },
          limits: { looks: atLeast({ warning: 1_000 }, { unit: 'count', of: 'looks' }) },
          for: minutes(0),
          why: '',
          remedy: '',
          evaluate: ({ history }, { at }) =>
            measured(`${history.looks([{ key: 'all', at }]).total} looks`, []),
          describe: () => ({ summary: '', evidence: [], commands: { nats: '', curl: '' } }),
        }),
      ],
    });
    const world = worldOf({ '10.0.0.1': named('nats-0') });
    const seen = async (n: number) => {
      const report = await run(growing, watch(growing), world.ports(), minute(n));
      return report?.entries.find(({ target }) => target === 'nats-0')?.diagnoses[0]?.seen;
    };
    const there = { 'nats.internal': ['10.0.0.1'] };
    const counts = [await seen(0), await seen(1)];
    world.addresses = { 'nats.internal': [] };
    counts.push(await seen(2), await seen(1_441));
    world.addresses = there;
    counts.push(await seen(1_442));
    world.addresses = { 'nats.internal': [] };
    counts.push(await seen(1_443), await seen(1_442 + 1_441));
    world.addresses = there;
    counts.push(await seen(1_442 + 1_442));
    expect(counts).toEqual([
      '1 looks',
      '2 looks',
      undefined,
      undefined,
      '3 looks',
      undefined,
      undefined,
      '1 looks',
    ]);
  });
});
