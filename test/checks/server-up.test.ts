import { describe, expect, it } from 'vitest';
import serverUp from '../../lambdas/checks/server-up.ts';
import { observations } from '../../lambdas/engine/judgement/observe.ts';
import type { FailureCode } from '../../lambdas/readings/reading.ts';
import { clusterFacts, failing, firstMinute, server } from '../kit.ts';

const lately = { id: 'S', name: 'n1', start: 1, seenAt: firstMinute };

/** `up` of n1; `answered`: whether it did so in the last 15 minutes. */
function up(failure: FailureCode | null, answered: boolean) {
  const read = server('n1', failure === null ? {} : { varz: failing(failure) });
  const answering = { slot: 'n1', servers: answered ? [lately] : [], twin: null };
  const snapshot = { at: firstMinute, servers: [{ ...read, answering }] };
  return valuesOf('up', snapshot);
}

type Snapshot = Parameters<typeof observations>[1];

const valuesOf = (name: string, snapshot: Snapshot) =>
  observations(serverUp, snapshot, clusterFacts).flatMap(({ observation: { series, value } }) =>
    series === name ? [value] : [],
  );

/** How many of these servers are counted as up: null answers, others fail so. */
function counted(...failures: readonly (FailureCode | null)[]) {
  const servers = failures.map((failure, i) =>
    server(`n${i}`, failure === null ? {} : { varz: failing(failure) }),
  );
  return valuesOf('nats_servers_up', { at: firstMinute, servers });
}

describe('up of a server', () => {
  it('is 1 where it answers', () => {
    expect(up(null, true)).toEqual([1]);
  });

  it.each(['unreachable', 'timeout', 'tls', 'status', 'too-large', 'not-json', 'unexpected-shape'] as const)(
    'is 0 where it fails by itself, though it answered lately: %s',
    (code) => {
      expect(up(code, true)).toEqual([0]);
    },
  );

  it.each(['dns', 'not-reached'] as const)(
    'stays 1 where it could not be asked and answered lately: %s',
    (code) => {
      expect(up(code, true)).toEqual([1]);
    },
  );

  it.each(['dns', 'not-reached'] as const)(
    'is not published where it could not be asked and has not answered for 15 minutes: %s',
    (code) => {
      expect(up(code, false)).toEqual([]);
    },
  );
});

describe('servers that are up', () => {
  it('are those that answer, and those of which nothing is known for a reason of ours: 0 says that all are down', () => {
    expect([
      counted(null, null, 'timeout'),
      counted('unreachable', 'status'),
      counted('unreachable', 'dns'),
      counted('not-reached', 'dns'),
    ]).toEqual([[2], [0], [1], [2]]);
  });
});
