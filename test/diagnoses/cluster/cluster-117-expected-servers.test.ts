import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-117-expected-servers.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { failing, server, watching } from '../../kit.ts';
import { linked, mesh, outcomesOf, route } from '../../links-kit.ts';

type Expected = number | readonly string[];
const expecting = (servers: Expected) => watching(diagnosis, { facts: { expect: { servers } } });
/** What ten minutes of the same show in the end. */
const after = (servers: Expected, ...given: Parameters<ReturnType<typeof expecting>['look']>) => {
  const watch = expecting(servers);
  watch.look(given[0]);
  return watch.look(given[0], minutes(10));
};
const names = ['n1', 'n2', 'n3'];
const three = mesh(names);
const down = server('n3', { varz: failing('unreachable') });

describe('CLUSTER_117, other servers than expected', () => {
  it.each([
    [3, 'ok', '3 servers, 3 expected'],
    [names, 'ok', '3 servers, 3 expected'],
    [4, 'warning', '3 servers, 4 expected'],
    [2, 'warning', '3 servers, 2 expected'],
    [[...names, 'n4'], 'warning', '3 servers, 4 expected'],
    [['n1', 'n2'], 'warning', '3 servers, 2 expected'],
  ])('of three servers where settings expect %j: %s', (expected, outcome, seen) => {
    const look = after(expected, three);
    expect([look.outcomes, look.seen]).toEqual([{ cluster: outcome }, { cluster: seen }]);
  });

  it('is told after ten minutes, with names, and resolved when they are there', () => {
    const facts = { expect: { servers: ['n1', 'n2', 'n3', 'n4'] } };
    const watch = watching(diagnosis, { facts, remembers: true });
    expect(outcomesOf(watch, three, 11)).toEqual(['10 ok', '1 warning']);
    expect(watch.look(three).findings).toMatchObject([
      {
        entity: { kind: 'cluster', name: 'c1' },
        summary: 'Cluster c1 lacks 1 server of 4 that settings expect: n4.',
        evidence: ['there are: n1, n2, n3'],
      },
    ]);
    const four = mesh(['n1', 'n2', 'n3', 'n4']);
    const later = [watch.look(four), watch.look(four), watch.look(four, minutes(5))];
    expect(later.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['resolved']);
  });

  it('names one that joined and is no target, and who sees it', () => {
    const joined = ['n1', 'n2'].map((name) =>
      linked(name, { peers: ['n1', 'n2', 'x'].filter((other) => other !== name) }),
    );
    expect(after(['n1', 'n2'], joined).findings).toMatchObject([
      {
        entity: { kind: 'server', name: 'x' },
        summary: 'Server x is in cluster c1, and settings do not expect it.',
        evidence: ['server_id ID-x, seen by n1, n2', 'there are: n1, n2, x'],
      },
    ]);
    expect(after(['n1', 'n2', 'x'], joined).outcomes).toEqual({ cluster: 'ok' });
  });

  it('counts those that are more', () => {
    expect(after(1, three).findings.map(({ summary }) => summary)).toEqual([
      'Cluster c1 has 2 servers more than the 1 that settings expect.',
    ]);
  });

  it('tells one that is missing and one that is not expected, each for itself', () => {
    const look = after(['n1', 'n2', 'n4'], three);
    expect(look.findings.map(({ summary }) => summary)).toEqual([
      'Cluster c1 lacks 1 server of 3 that settings expect: n4.',
      'Server n3 is in cluster c1, and settings do not expect it.',
    ]);
  });

  it.each([[3], [names]])('leaves a target that does not answer to SERVER_101: %j', (expected) => {
    const two = mesh(['n1', 'n2']);
    expect(after(expected, [...two, down]).outcomes).toEqual({ cluster: 'unknown' });
    expect(after([...names, 'n4'], [...two, down]).findings.map(({ summary }) => summary)).toEqual([
      'Cluster c1 lacks 1 server of 4 that settings expect, of n3, n4.',
    ]);
  });

  it('has a target whose monitoring alone does not answer, where others have a route to it', () => {
    const seen = [...three.slice(0, 2), down];
    expect(after(names, seen).outcomes).toEqual({ cluster: 'ok' });
    expect(after([...names, 'n4'], seen).findings.map(({ summary }) => summary)).toEqual([
      'Cluster c1 lacks 1 server of 4 that settings expect: n4.',
    ]);
    expect(after(4, seen).outcomes).toEqual({ cluster: 'warning' });
  });

  it.each<[string, number, readonly string[], number, readonly string[]]>([
    ['leaves one that is not behind its DNS name to CLUSTER_103', 3, ['n1', 'n2'], 3, []],
    ['tells of one more than is missed there', 4, ['n1', 'n2'], 3, ['1 server of 4']],
    ['tells of it where nobody is missed there', 3, ['n1', 'n2'], 2, ['1 server of 3']],
    [
      'tells of another one where routes lead to the one that is missed there',
      4,
      ['n1', 'n2', 'n3'],
      3,
      ['1 server of 4'],
    ],
  ])('%s', (_what, expected, linkedTo, inDns, told) => {
    const watch = expecting(expected);
    const servers = mesh(linkedTo).slice(0, 2);
    const dns = { dns: 'nats.internal', port: 8222, scheme: 'http', expect: inDns, labels: {} } as const;
    const look = { dns, failure: null, servers: ['n1', 'n2'], gone: [] };
    watch.look(servers, minutes(1), [look]);
    const { findings } = watch.look(servers, minutes(10), [look]);
    expect(findings.map(({ summary }) => summary)).toEqual(
      told.map((words) => `Cluster c1 lacks ${words} that settings expect.`),
    );
  });

  it('does not take a peer for another one whose name an old server does not tell', () => {
    const unnamed = linked('n1', { routes: [route('n2', { remote_name: undefined })] });
    expect(after(['n1', 'n2'], [unnamed]).outcomes).toEqual({ cluster: 'ok' });
    expect(after(['n1', 'n2', 'n3'], [unnamed]).outcomes).toEqual({ cluster: 'warning' });
  });

  it('says nothing where settings expect none', () => {
    expect(watching(diagnosis).look(three).outcomes).toEqual({ cluster: 'not-applicable' });
  });
});
