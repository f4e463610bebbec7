import { describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/define.ts';
import { run } from '../../lambdas/run/run.ts';
import { closingServer } from '../readings/closing-server.ts';
import { fakeWorld, minute, watchOf } from '../engine/fake-ports.ts';
import { closing, crowds, seenBy } from '../engine/sample-checks.ts';
import { commands } from '../engine/samples.ts';
import { failing } from '../kit.ts';

describe('a run with chat channels', () => {
  it('tells them in a message of their own, which does not send the others again where it fails', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    world.refuses.publish = ({ reader }) => reader === 'chat';
    const ports = () => ({ ...world.ports(), notices: { ...world.ports().notices, tellsChat: true } });
    await expect(run(crowds, watchOf(crowds), ports(), minute(0))).rejects.toThrow('SNS did not take it');
    const readers = () => world.taken.messages.map(({ reader = 'all' }) => reader);
    expect(readers()).toEqual(['all']);
    world.refuses.publish = () => false;
    await run(crowds, watchOf(crowds), ports(), minute(1));
    expect(readers()).toEqual(['all', 'chat']);
  });
});

describe('a run', () => {
  it('tells what it found, publishes it and keeps nothing unsent', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } }, n2: { varz: failing('timeout') } });
    const report = await run(crowds, watchOf(crowds, ['n1', 'n2']), world.ports(), minute(0));
    const finding = {
      diagnosis: 'SERVER_900',
      title: 'Crowded',
      severity: 'warning',
      cluster: 'c1',
      target: 'n1',
      entity: { kind: 'server', name: 'n1' },
      labels: {},
      summary: 'n1 holds 12 connections.',
      observed: 12,
      limit: 10,
      unit: 'count',
      since: '2026-11-20T10:00:00.000Z',
      durationKnown: false,
      trend: null,
      evidence: [],
      why: 'Crowds hurt.',
      remedy: 'Send some home.',
      commands: [commands.nats, commands.curl],
      manual: 'https://manual.example/checks#server_900',
      alarm: null,
    };
    const notice = {
      id: 'crowds/c1/SERVER_900|n1|server|n1/opened/2026-11-20T10:00:00.000Z',
      kind: 'opened',
      severity: 'warning',
      finding,
    };
    const observed = (series: string, labels: object, value: number) => ({ series, labels, value });
    const own = observed('nats_connections', { cluster: 'c1', server_id: 'n1' }, 12);
    const open = [
      observed('nats_findings_open', { cluster: 'c1', group: 'servers', severity: 'critical' }, 0),
      observed('nats_findings_open', { cluster: 'c1', group: 'servers', severity: 'warning' }, 1),
    ];
    expect(report).toStrictEqual({
      takenAt: '2026-11-20T10:00:00.000Z',
      targets: [
        {
          name: 'n1',
          url: 'http://n1:8222',
          serverName: 'alone',
          reachable: true,
          version: '2.15.1',
          failure: null,
        },
        {
          name: 'n2',
          url: 'http://n2:8222',
          serverName: null,
          reachable: false,
          version: null,
          failure: { code: 'timeout', message: 'no reply: timeout' },
        },
      ],
      entries: [
        {
          check: 'crowds',
          scope: 'server',
          cluster: 'c1',
          target: 'n1',
          outcome: 'warning',
          diagnoses: [{ id: 'SERVER_900', outcome: 'warning', seen: '12 connections' }],
          observations: [own],
          findings: [finding],
        },
        {
          check: 'crowds',
          scope: 'server',
          cluster: 'c1',
          target: 'n2',
          outcome: 'unknown',
          diagnoses: [
            {
              ...{ id: 'SERVER_900', outcome: 'unknown', seen: 'no reply: timeout' },
              without: { servers: ['n2'], alone: true, seen: 'no reply: timeout' },
            },
          ],
          observations: [],
          findings: [],
        },
        {
          check: 'crowds',
          scope: 'cluster',
          cluster: 'c1',
          target: null,
          outcome: 'not-applicable',
          diagnoses: [],
          observations: open,
          findings: [],
        },
      ],
      notices: [notice],
    });
    const at = '2026-11-20T10:00:00.000Z';
    expect(world.taken.datapoints).toEqual([own, ...open].map((one) => ({ ...one, unit: 'count', at })));
    expect(world.taken.messages.map(({ id, statuses }) => [id, statuses])).toEqual([
      ['crowds/c1/warning/2026-11-20T10:00:00.000Z', ['opened']],
    ]);
    const next = await world.memory.claim({ check: 'crowds', cluster: 'c1' }, minute(1));
    expect(next?.outbox).toEqual({ datapoints: [], messages: [] });
  });

  it('reads every endpoint of a server once, and no endpoint that nothing reads', async () => {
    const server = closingServer();
    const world = fakeWorld({ n1: { closed: server.page } });
    await run(closing, watchOf(closing), world.ports(), minute(0));
    expect(world.reads).toEqual(['n1 /varz', 'n1 /connz?state=closed&sort=stop&limit=256&offset=0']);
  });

  it('does nothing for a minute that was run before', async () => {
    const world = fakeWorld();
    await run(crowds, watchOf(crowds), world.ports(), minute(1));
    const before = structuredClone([world.reads, world.taken]);
    const again = [minute(1), minute(0)].map((at) => run(crowds, watchOf(crowds), world.ports(), at));
    expect(await Promise.all(again)).toEqual([null, null]);
    expect([world.reads, world.taken]).toEqual(before);
  });

  it('remembers findings, totals and rows for the next', async () => {
    const server = closingServer();
    const world = fakeWorld({ n1: { closed: server.page, varz: { connections: 12 } } });
    server.close(2);
    await run(closing, watchOf(closing), world.ports(), minute(0));
    server.pass(minutes(1));
    server.close(3);
    const report = await run(closing, watchOf(closing), world.ports(), minute(1));
    expect(seenBy(report)).toContain('n1 CONN_901: 5 closed');
    expect(report?.notices).toEqual([]);
    expect(report?.entries[0]?.findings.map(({ since }) => since)).toEqual(['2026-11-20T10:00:00.000Z']);
  });

  it('forgets what settings no longer name', async () => {
    const server = closingServer();
    const world = fakeWorld({ n1: { closed: server.page }, n2: { closed: server.page } });
    await run(closing, watchOf(closing, ['n1', 'n2']), world.ports(), minute(0));
    await run(closing, watchOf(closing, ['n2']), world.ports(), minute(1));
    const claimed = await world.memory.claim({ check: 'closing', cluster: 'c1' }, minute(2));
    const { history, cursors } = JSON.parse(claimed?.saved ?? '') as Record<string, object>;
    expect([Object.keys(history ?? {}), Object.keys(cursors ?? {})]).toEqual([
      ['CONN_901 n2'],
      ['n2-process1'],
    ]);
  });

  it('resolves a finding of a server that left the settings, under its name', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } }, n2: {} });
    await run(crowds, watchOf(crowds, ['n1', 'n2']), world.ports(), minute(0));
    const report = await run(crowds, watchOf(crowds, ['n2']), world.ports(), minute(1));
    expect(report?.notices.map(({ kind, finding }) => [kind, finding.target, finding.title])).toEqual([
      ['resolved', 'n1', 'Crowded'],
    ]);
  });

  it('resolves a finding that the release no longer looks for', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    await run(crowds, watchOf(crowds), world.ports(), minute(0));
    const next = { ...crowds, diagnoses: [] };
    const report = await run(next, watchOf(next), world.ports(), minute(1));
    expect(report?.notices.map(({ kind, finding }) => [kind, finding.diagnosis, finding.title])).toEqual([
      ['resolved', 'SERVER_900', 'no longer checked'],
    ]);
  });

  it('watches a server of any name that settings take', async () => {
    const server = closingServer();
    server.close(3);
    const world = fakeWorld({ constructor: { closed: server.page } });
    const report = await run(closing, watchOf(closing, ['constructor']), world.ports(), minute(0));
    expect(seenBy(report)).toContain('constructor CONN_901: 3 closed');
    server.pass(minutes(30));
    const later = await run(closing, watchOf(closing, ['constructor']), world.ports(), minute(30));
    expect(seenBy(later)).toContain('constructor CONN_901: 3 closed');
  });
});

describe('a run that was overtaken', () => {
  it('saves nothing and sends nothing', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    const ports = world.ports();
    const slow: typeof ports = {
      ...ports,
      source: {
        async read(...request) {
          await world.memory.claim({ check: 'crowds', cluster: 'c1' }, minute(1));
          return ports.source.read(...request);
        },
      },
    };
    await expect(run(crowds, watchOf(crowds), slow, minute(0))).rejects.toThrow(/another run claimed/);
    expect(world.taken).toEqual({ datapoints: [], messages: [] });
  });
});

describe('a target that fails', () => {
  it('is unknown beside the full results of the others', async () => {
    const server = closingServer();
    server.close(2);
    const world = fakeWorld({ n1: { varz: failing('tls') }, n2: { closed: server.page } });
    const report = await run(closing, watchOf(closing, ['n1', 'n2', 'n3']), world.ports(), minute(0));
    expect(report?.entries.map(({ target: name, outcome }) => [name, outcome])).toEqual([
      ['n1', 'unknown'],
      ['n2', 'ok'],
      ['n3', 'unknown'],
      [null, 'not-applicable'],
    ]);
    expect(report?.targets.map(({ failure }) => failure?.code ?? null)).toEqual(['tls', null, 'unreachable']);
  });

  it('in one endpoint is unknown for what needs it, and evaluated for the rest', async () => {
    const world = fakeWorld({ n1: { closed: failing('timeout'), varz: { connections: 12 } } });
    const report = await run(closing, watchOf(closing), world.ports(), minute(0));
    expect(report?.entries[0]?.diagnoses.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['SERVER_900', 'warning'],
      ['CONN_901', 'unknown'],
    ]);
  });

  it('for a while loses no closed row', async () => {
    const server = closingServer();
    const healthy = { n1: { closed: server.page } };
    const world = fakeWorld(healthy);
    const closeAndRun = async (n: number) => {
      server.pass(minutes(1));
      server.close(2);
      return seenBy(await run(closing, watchOf(closing), world.ports(), minute(n)));
    };
    await closeAndRun(0);
    world.answers = { n1: { closed: failing('timeout') } };
    await closeAndRun(1);
    // /varz fails alone: nothing is evaluated, so the rows that were read do not count yet.
    world.answers = { n1: { varz: failing('timeout'), closed: server.page } };
    await closeAndRun(2);
    world.answers = healthy;
    expect(await closeAndRun(3)).toContain('n1 CONN_901: 8 closed');
    expect(
      world.taken.datapoints.filter(({ series }) => series === 'nats_closed').map(({ value }) => value),
    ).toEqual([2, 6]);
  });
});
