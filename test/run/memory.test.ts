import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { gzippedBytes } from '../../lambdas/adapters/memory/codec.ts';
import {
  above,
  days,
  defineDiagnosis,
  measured,
  minutes,
  set,
  trend,
  window,
  type Check,
} from '../../lambdas/define.ts';
import { emptyMemory } from '../../lambdas/engine/memory-state.ts';
import type { Datapoint, Message, Outbox } from '../../lambdas/ports.ts';
import { remember } from '../../lambdas/run/remember.ts';
import { run } from '../../lambdas/run/run.ts';
import { checkOf, fakeWorld, minute, watchOf } from '../engine/fake-ports.ts';
import { crowds, seenBy } from '../engine/sample-checks.ts';
import { client, commands, crowded } from '../engine/samples.ts';

describe('memory that cannot be read', () => {
  it.each([
    [
      'is no JSON',
      'half a sta',
      /sample, cluster c1: memory is unreadable, starting as on a first run .*half a sta/,
    ],
    ['is of another format', '{"format":0}', /memory has format 0, expected 1/],
    ['is nothing', 'null', /starting as on a first run/],
    ['lacks a part', '{"format":1,"history":{}}', /memory lacks history, cursors or findings/],
  ])('because it %s makes a first run, with a warning', async (_what, saved, warning) => {
    const check = checkOf({ diagnoses: [crowded({ for: minutes(5) })] });
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    const claimed = await world.memory.claim({ check: 'sample', cluster: 'c1' }, minute(0));
    await claimed?.save(saved, { datapoints: [], messages: [] });
    const report = await run(check, watchOf(check), world.ports(), minute(1));
    expect(world.warnings).toEqual([expect.stringMatching(warning)]);
    expect(report?.notices.map(({ kind, finding }) => [kind, finding.durationKnown])).toEqual([
      ['opened', false],
    ]);
  });

  it.each([
    ['a finding', { findings: { x: null } }],
    ['a finding without its parts', { findings: { 'CONN_900|n1|client|a': { diagnosis: 'CONN_900' } } }],
    ['the servers', { servers: [null] }],
    ['the servers as a mapping', { servers: { n1: 1 } }],
  ])('because %s is of another shape makes a first run once, with a warning', async (_what, changes) => {
    const check = checkOf({ diagnoses: [crowded({ for: minutes(5) })] });
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    const claimed = await world.memory.claim({ check: 'sample', cluster: 'c1' }, minute(0));
    const saved = JSON.stringify({ format: 1, ...emptyMemory, ...changes });
    await claimed?.save(saved, { datapoints: [], messages: [] });
    const first = await run(check, watchOf(check), world.ports(), minute(1));
    expect(first?.notices.map(({ kind }) => kind)).toEqual(['opened']);
    expect((await run(check, watchOf(check), world.ports(), minute(2)))?.notices).toEqual([]);
    expect(world.warnings).toEqual([
      expect.stringMatching(
        /^sample, cluster c1: memory cannot be gone on from, starting as on a first run /,
      ),
    ]);
  });

  it('is not blamed for a fault of a diagnosis: that ends the run', async () => {
    const faulty = crowded({
      evaluate: () => {
        throw new TypeError('a fault');
      },
    });
    const check = checkOf({ diagnoses: [faulty] });
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    const claimed = await world.memory.claim({ check: 'sample', cluster: 'c1' }, minute(0));
    await claimed?.save(JSON.stringify({ format: 1, ...emptyMemory }), { datapoints: [], messages: [] });
    await expect(run(check, watchOf(check), world.ports(), minute(1))).rejects.toThrow('a fault');
  });

  it('is said by the memory itself, and nothing that it left unsent is lost', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    await run(crowds, watchOf(crowds), world.ports({ step: 'save', when: 'after' }), minute(0)).catch(
      () => null,
    );
    const ports = world.ports();
    const memory: typeof ports.memory = {
      async claim(...key) {
        const claimed = await ports.memory.claim(...key);
        return (
          claimed && { ...claimed, saved: null, unreadable: 'item crowds#c1: state: incorrect header check' }
        );
      },
    };
    await run(crowds, watchOf(crowds), { ...ports, memory }, minute(1));
    expect(world.warnings).toEqual([
      'crowds, cluster c1: memory is unreadable, starting as on a first run ' +
        '{"reason":"item crowds#c1: state: incorrect header check"}',
    ]);
    expect(world.taken.messages.map(({ id }) => id)).toEqual([
      'crowds/c1/warning/2026-11-20T10:00:00.000Z',
      'crowds/c1/warning/2026-11-20T10:01:00.000Z',
    ]);
  });

  it('because its clock was ahead sends the messages that it left, and no value of a time to come', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    const at = (n: number) => new Date(minute(n)).toISOString();
    const point = (n: number): Datapoint => ({
      series: 'late',
      labels: {},
      value: n,
      unit: 'count',
      at: at(n),
    });
    const message: Message = {
      id: 'kept',
      check: 'crowds',
      cluster: 'c1',
      severity: 'warning',
      statuses: ['opened'],
      subject: '',
      json: '',
      text: '',
      short: '',
    };
    const left = { datapoints: [-181, -180, 5, 6].map(point), messages: [message] };
    const ports = world.ports();
    const memory: typeof ports.memory = {
      async claim(...key) {
        const claimed = await ports.memory.claim(...key);
        return (
          claimed && { ...claimed, outbox: left, unreadable: 'its last run was for tomorrow', isAhead: true }
        );
      },
    };
    await run(crowds, watchOf(crowds), { ...ports, memory }, minute(0));
    const late = world.taken.datapoints.filter(({ series }) => series === 'late');
    expect(late.map(({ value }) => value)).toEqual([-180, 5]);
    expect(world.taken.messages.map(({ id }) => id)).toContain('kept');
    expect(world.warnings).toEqual([
      'crowds, cluster c1: memory is of a time to come, starting as on a first run {"reason":"its last run was for tomorrow"}',
    ]);
  });

  it('only in what it left unsent is a warning and no first run', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    await run(crowds, watchOf(crowds), world.ports(), minute(0));
    const ports = world.ports();
    const memory: typeof ports.memory = {
      async claim(...key) {
        const claimed = await ports.memory.claim(...key);
        return claimed && { ...claimed, unreadable: 'outbox: unexpected shape' };
      },
    };
    const report = await run(crowds, watchOf(crowds), { ...ports, memory }, minute(1));
    expect(world.warnings).toEqual([
      'crowds, cluster c1: memory is unreadable {"reason":"outbox: unexpected shape"}',
    ]);
    expect(report?.notices).toEqual([]);
  });
});

describe('memory of a large and hostile world', () => {
  /** Names that do not compress, as servers and clients without a name have them. */
  const randomName = () => randomBytes(42).toString('base64url');
  const names = (count: number) => Array.from({ length: count }, randomName);

  /** Remembers every name there is, in every way there is, and finds each of them. */
  const remembering = (crowd: () => readonly string[], notes: number): Check =>
    checkOf({
      diagnoses: [
        defineDiagnosis({
          id: 'LEAF_900',
          title: 'Remembers',
          scope: 'server',
          reads: {},
          history: { closes: window(minutes(60)), members: set(days(1)), sizes: trend(days(7)) },
          limits: { size: above({ warning: 10 }, { unit: 'count', of: 'sizes' }) },
          for: minutes(0),
          why: '',
          remedy: '',
          evaluate({ history }, { at }) {
            const all = crowd();
            const entries = all.flatMap((key) =>
              Array.from({ length: notes }, () => ({ key, at, note: { from: randomName() } })),
            );
            const { total, keys, others } = history.closes(entries);
            const { gone } = history.members(all);
            history.sizes(new Map(all.map((key) => [key, 100])));
            return measured(
              `${total} closes, ${keys.size} apart, ${others} others, ${gone.length} gone`,
              all.map((name) => ({ limit: 'size' as const, entity: client(name), value: 11, data: null })),
            );
          },
          describe: ({ entity }) => ({ summary: `${entity.name} is large.`, evidence: [], commands }),
        }),
      ],
    });
  const savedBytes = async ({ memory }: ReturnType<typeof fakeWorld>, at: number) => {
    const claimed = await memory.claim({ check: 'sample', cluster: 'c1' }, at);
    return gzippedBytes(claimed?.saved ?? '');
  };

  it('with 10,000 names stays under 300 KB, and says what it leaves out', async () => {
    const crowd = names(10_000);
    const check = remembering(() => crowd, 1);
    const world = fakeWorld();
    const first = await run(check, watchOf(check), world.ports(), minute(0));
    expect(first?.notices.length).toBe(256);
    expect(seenBy(first)).toEqual(['n1 LEAF_900: 10000 closes, 256 apart, 9744 others, 0 gone']);
    expect(world.warnings).toEqual([
      'sample, cluster c1: too many findings: 256 are kept, 9744 more are not reported',
      expect.stringMatching(/^sample, cluster c1: memory is full, histories keep (2048|4096) names apart/),
    ]);
    const second = await run(check, watchOf(check), world.ports(), minute(1));
    expect(seenBy(second)).toEqual(['n1 LEAF_900: 20000 closes, 256 apart, 19488 others, 0 gone']);
    expect(second?.notices).toEqual([]);
    const bytes = await savedBytes(world, minute(2));
    expect(bytes).toBeLessThan(300_000);
    expect(bytes).toBeGreaterThan(100_000);
  });

  it('on many servers keeps fewer names of each', async () => {
    const servers = Array.from({ length: 6 }, (_, i) => `n${i}`);
    const crowd = names(256);
    const check = { ...remembering(() => crowd, 16), series: [] };
    const quiet = {
      ...check,
      diagnoses: check.diagnoses.map((diagnosis) => ({
        ...diagnosis,
        limits: { size: above({}, { unit: 'count', of: 'sizes' } as const) },
      })),
    };
    const world = fakeWorld(Object.fromEntries(servers.map((name) => [name, {}])));
    const report = await run(quiet, watchOf(quiet, servers), world.ports(), minute(0));
    expect(seenBy(report)?.[0]).toBe('n0 LEAF_900: 4096 closes, 256 apart, 0 others, 0 gone');
    expect(world.warnings).toEqual([
      expect.stringMatching(/^sample, cluster c1: memory is full, histories keep (16|32|64) names apart/),
    ]);
    const next = await run(quiet, watchOf(quiet, servers), world.ports(), minute(1));
    expect(seenBy(next)?.[0]).toMatch(/^n0 LEAF_900: 8192 closes/);
    expect(await savedBytes(world, minute(2))).toBeLessThan(300_000);
  });

  it('with names as long as a protocol line tells its findings all the same', async () => {
    const crowd = Array.from({ length: 300 }, () => randomBytes(3_000).toString('base64url'));
    const check = remembering(() => crowd, 1);
    const world = fakeWorld();
    const report = await run(check, watchOf(check), world.ports(), minute(0));
    expect(report?.notices.length).toBe(256);
    const next = await run(check, watchOf(check), world.ports(), minute(1));
    expect(next?.notices).toEqual([]);
    expect(await savedBytes(world, minute(2))).toBeLessThan(300_000);
  });
});

describe('an outbox that nobody takes for long', () => {
  const noise = () => randomBytes(6_000).toString('base64url');
  const datapoint = (n: number): Datapoint => ({
    series: noise(),
    labels: {},
    value: n,
    unit: 'count',
    at: '2026-11-20T10:00:00.000Z',
  });
  const message = (n: number): Message => ({
    id: `${n}`,
    check: 'sample',
    cluster: 'c1',
    severity: 'warning',
    statuses: ['opened'],
    subject: '',
    json: noise(),
    text: '',
    short: '',
  });
  const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));

  /** What is kept of an outbox, and what is said of the rest. */
  async function kept(outbox: Outbox) {
    const saved: Outbox[] = [];
    const warnings: string[] = [];
    const memory = {
      saved: null,
      outbox,
      unreadable: null,
      save: async (_: string, unsent: Outbox) => void saved.push(await Promise.resolve(unsent)),
      clearOutbox: async () => {},
    };
    const log = { info: () => {}, warn: (text: string) => void warnings.push(text) };
    await remember(memory, emptyMemory, outbox, log, { check: checkOf({}), cluster: 'c1' });
    const [first] = saved;
    return {
      values: first?.datapoints.map(({ value }) => value),
      ids: first?.messages.map(({ id }) => id),
      warnings,
    };
  }

  it('is kept whole while it fits', async () => {
    expect(await kept({ datapoints: many(4, datapoint), messages: many(4, message) })).toEqual({
      values: [0, 1, 2, 3],
      ids: ['0', '1', '2', '3'],
      warnings: [],
    });
  });

  it('gives up its oldest datapoints first, then its oldest messages, and says so', async () => {
    const datapoints = await kept({ datapoints: many(16, datapoint), messages: many(4, message) });
    expect(datapoints).toEqual({
      values: [8, 9, 10, 11, 12, 13, 14, 15],
      ids: ['0', '1', '2', '3'],
      warnings: [
        'sample, cluster c1: 8 unsent datapoints are too many to keep, a crash now would lose the oldest',
      ],
    });
    const messages = await kept({ datapoints: many(2, datapoint), messages: many(24, message) });
    expect([messages.values, messages.ids]).toEqual([[], many(12, (n) => `${n + 12}`)]);
    expect(messages.warnings).toEqual([
      'sample, cluster c1: 12 unsent messages are too many to keep, a crash now would lose the oldest',
      'sample, cluster c1: 2 unsent datapoints are too many to keep, a crash now would lose the oldest',
    ]);
  });
});
