import { describe, expect, it } from 'vitest';
import { minutes, set, window } from '../../lambdas/define.ts';
import type { FindingState } from '../../lambdas/engine/findings/finding-state.ts';
import { openHistory, type ServerHistory } from '../../lambdas/history/history.ts';
import {
  emptyMemory,
  parseMemory,
  withinSettings,
  writeMemory,
  type MemoryState,
} from '../../lambdas/engine/memory-state.ts';
import type { KnownServer } from '../../lambdas/readings/servers.ts';
import { client } from './samples.ts';

const finding = (name: string, announced: FindingState['announced']): FindingState => ({
  diagnosis: 'CONN_900',
  target: 'n1',
  entity: client(name),
  levels: { warning: { since: 1, lastSeen: 2, opened: 1, cleared: 0 } },
  since: 1,
  announced,
  highestAnnounced: announced,
  toldAt: 1,
  sinceUnknown: false,
  firstObserved: 11,
  observed: 12,
  limit: 10,
  unit: 'count',
  limitName: 'value',
  summary: `${name} has 12.`,
  enriched: {},
});

/** A window over 20 names and a set of them. */
function names20() {
  const specs = { closes: window(minutes(10)), members: set(minutes(10)) };
  const { recorders, kept } = openHistory(specs, {}, { at: minutes(60), start: 0 }, {});
  const names = Array.from({ length: 20 }, (_, i) => `name${i}`);
  const typed = recorders as ServerHistory<typeof specs>;
  typed.closes(names.map((key) => ({ key, at: minutes(60) })));
  typed.members(names);
  return kept();
}
const known = (target: string, id: string): KnownServer => ({
  slot: target,
  id,
  name: target,
  start: 1,
  now: 2,
  seenAt: 3,
  former: [],
  targets: { [target]: 3 },
});
const memory: MemoryState = {
  history: { 'CONN_900 n1': names20() },
  servers: [known('n1', 'S')],
  cursors: { S: { serverId: 'S', from: 1, cidSteps: [5, 1, 1], held: 3, size: null } },
  configs: { toldAt: 4, configs: [], ofStreams: { key: [] } },
  findings: {
    a: finding('a', 'warning'),
    b: finding('b', null),
    c: finding('c', 'critical'),
  },
  found: {
    'nats.internal:8222': [{ name: 'n1', address: '10.0.0.1', seenAt: 3, isThere: true }],
  },
  rules: null,
  noted: { open: { critical: 1 }, at: 5, since: 4, deployed: 1, ran: 0 },
  watched: { plan: 1, at: 5, since: 4, beyond: {} },
};
const sizeOf = (state: MemoryState) => writeMemory(state, () => true).text.length;
const keysOf = (text: string) => {
  const { closes, members } = parseMemory(text).history['CONN_900 n1'] ?? {};
  return [
    Object.keys((closes?.state as { keys: object }).keys).length,
    Object.keys(members?.state as object).length,
  ];
};

describe('memory', () => {
  it('that fits is kept whole', () => {
    const { text, thinned } = writeMemory(memory, () => true);
    expect(thinned).toEqual({ keys: null, findings: null });
    expect(parseMemory(text)).toEqual(memory);
  });

  it('of a first run is empty', () => {
    expect(parseMemory(writeMemory(emptyMemory, () => true).text)).toEqual(emptyMemory);
  });

  it('that does not fit forgets configurations first, which are told again', () => {
    const { text, thinned } = writeMemory(memory, (candidate) => candidate.length < sizeOf(memory));
    expect(thinned).toEqual({ keys: null, findings: null });
    expect(parseMemory(text)).toEqual({ ...memory, configs: emptyMemory.configs });
  });

  it('that does not fit without them keeps fewer names, as many as fit, and all findings', () => {
    const least = sizeOf({ ...memory, configs: emptyMemory.configs });
    const { text, thinned } = writeMemory(memory, (candidate) => candidate.length < least);
    expect([thinned, keysOf(text)]).toEqual([{ keys: 16, findings: null }, [16, 16]]);
    expect(parseMemory(text).findings).toEqual(memory.findings);
  });

  it('that does not fit without names keeps fewer findings, the worst', () => {
    const without = sizeOf({ ...memory, history: {} });
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`w${i}`, finding(`w${i}`, 'warning')]),
    );
    const { text, thinned } = writeMemory(
      { ...memory, findings: { ...many, worst: finding('worst', 'critical') } },
      (candidate) => candidate.length < without + 3_000,
    );
    expect(thinned).toEqual({ keys: 0, findings: 8 });
    const kept = Object.keys(parseMemory(text).findings);
    expect([kept.length, kept[0]]).toEqual([8, 'worst']);
  });

  it('that never fits is told, with what to do', () => {
    expect(() => writeMemory(memory, () => false)).toThrow(
      new Error('memory does not fit into its item even with few names: split the cluster in settings'),
    );
  });

  it('forgets histories and cursors of servers that are not known any more, and no finding', () => {
    const both: MemoryState = {
      history: { 'CONN_900 n1': {}, 'CONN_900 n2': {}, CONN_900: {} },
      servers: [known('n2', 'T')],
      cursors: { ...memory.cursors, T: { serverId: 'T', from: 0, cidSteps: [], held: 0, size: 5 } },
      configs: memory.configs,
      findings: memory.findings,
      found: { 'nats.internal:8222': [] },
      rules: { kept: 1 },
      noted: memory.noted,
      watched: memory.watched,
    };
    expect(withinSettings(both, ['CONN_900', 'CONN_900 n2'])).toEqual({
      history: { CONN_900: {}, 'CONN_900 n2': {} },
      servers: [known('n2', 'T')],
      cursors: { T: { serverId: 'T', from: 0, cidSteps: [], held: 0, size: 5 } },
      configs: memory.configs,
      findings: memory.findings,
      found: { 'nats.internal:8222': [] },
      rules: { kept: 1 },
      noted: memory.noted,
      watched: memory.watched,
    });
  });

  it('of an earlier release has its cursors by target, each of the server that answered there', () => {
    const cursor = { serverId: 'S', from: 7, cidSteps: [], held: 0, size: null };
    const text = JSON.stringify({ format: 1, history: {}, cursors: { n1: cursor }, findings: {} });
    const { servers, cursors } = parseMemory(text);
    expect([servers, cursors]).toEqual([
      [
        {
          slot: 'n1',
          id: 'S',
          name: null,
          start: null,
          now: 7,
          seenAt: 0,
          former: [],
          targets: { n1: 0 },
        },
      ],
      { S: cursor },
    ]);
  });

  it.each([
    ['is none', null],
    ['lacks a part', { toldAt: 4, ofStreams: {} }],
    ['has one of another shape', { toldAt: 4, configs: [], ofStreams: { key: 5 } }],
  ])('whose part of configurations %s has none: they are told again', (_what, configs) => {
    const text = JSON.stringify({ format: 1, ...emptyMemory, configs });
    expect(parseMemory(text)).toEqual(emptyMemory);
  });

  it('of an earlier release has nothing of rules and configurations', () => {
    expect(parseMemory('{"format":1,"history":{},"cursors":{},"findings":{}}')).toEqual(emptyMemory);
  });

  it.each([
    [
      'another format',
      '{"format":2,"history":{},"cursors":{},"findings":{}}',
      'memory has format 2, expected 1',
    ],
    ['no format', '{}', 'memory has format undefined, expected 1'],
    [
      'a part that is none',
      '{"format":1,"history":{},"cursors":null,"findings":{}}',
      'memory lacks history, cursors or findings',
    ],
  ])('of %s is refused', (_what, text, message) => {
    expect(() => parseMemory(text)).toThrow(new Error(message));
  });
});
