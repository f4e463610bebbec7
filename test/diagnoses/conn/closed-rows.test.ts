import { describe, expect, it } from 'vitest';
import {
  classOf,
  closedReportCommand,
  closedRowsCommand,
  isProbe,
  rhythm,
  tallied,
} from '../../../lambdas/diagnoses/conn/closed-rows.ts';
import { closedByClass } from '../../../lambdas/diagnoses/conn/closed-classes.ts';
import { minutes } from '../../../lambdas/define.ts';
import { closed, closedRow, firstMinute } from '../../kit.ts';

/** A server that takes leafnodes, and one that dials a hub. */
const hub = { leaf: { port: 7_422, remotes: [] }, now: firstMinute };
const leaf = { leaf: { port: 0, remotes: [{ urls: ['hub:7422'] }] } };

/** As all three versions show a TCP connection that ends without a word. */
const probe = { lifetimeSeconds: 0.004 };

describe('a TCP health probe', () => {
  it.each(['Client Closed', 'Read Error'])(
    'is a connection without a word that ended at once: %s',
    (reason) => {
      expect(isProbe(closedRow({ ...probe, rtt: 0, reason }))).toBe(true);
    },
  );

  it.each([
    ['a client that said its language', { ...probe, lang: 'go' }],
    ['a named one', { ...probe, name: 'billing' }],
    ['an MQTT client, which has an id for a name', { ...probe, type: 'mqtt', mqtt_client: 'dev0' }],
    ['one that came to the MQTT port', { ...probe, type: 'mqtt' }],
    ['one that came over a websocket', { ...probe, type: 'websocket' }],
    ['one of an account', { ...probe, account: 'APP' }],
    ['one that had subscribed', { ...probe, subscriptions: 1 }],
    ['one that had published', { ...probe, in_msgs: 1 }],
    ['one that sent CONNECT without a name, from which its rtt is', { ...probe, rtt: 0.0003 }],
    ['one that lived a second', { lifetimeSeconds: 1 }],
    ['a leafnode', { ...probe, kind: 'Leafnode' }],
    ['one that was refused', { ...probe, reason: 'Maximum Connections Exceeded' }],
    ['a failed TLS handshake, which may be a real client’s', { ...probe, reason: 'TLS Handshake Failure' }],
  ])('is not %s', (_, changes) => {
    expect(isProbe(closedRow(changes))).toBe(false);
  });

  it('is planned even where it leaves with a reset, unless settings say otherwise', () => {
    const reset = closedRow({ ...probe, reason: 'Read Error' });
    const classes = [{}, { 'Read Error': 'network' }].map((moved) => classOf(hub, reset, moved));
    expect(classes).toEqual(['planned', 'network']);
  });

  it('of a leafnode port is planned, too, as is a look at its certificate; one that the server dialled is none', () => {
    const ended = closedRow({ ...probe, kind: 'Leafnode', reason: 'Read Error' });
    expect([hub, leaf].map((server) => classOf(server, ended, {}))).toEqual(['planned', 'network']);
    const lived = closedRow({ ...probe, kind: 'Leafnode', reason: 'Read Error', lifetimeSeconds: 0.5 });
    expect(classOf(hub, lived, {})).toBe('network');
  });
});

describe('closes by class', () => {
  const none = { planned: 0, auth: 0, slow: 0, limit: 0, network: 0, other: 0 };

  it('name every class, zero included', () => {
    expect(closedByClass(hub, closed([]), {})).toEqual(none);
  });

  it('count each row once', () => {
    const since = closed([{}, { reason: 'Read Error' }, { reason: 'Read Error' }, { reason: 'Who Knows' }]);
    expect(closedByClass(hub, since, {})).toEqual({ ...none, planned: 1, network: 2, other: 1 });
  });

  it('go by what settings say now', () => {
    const since = closed([{ reason: 'Read Error' }]);
    const counted = [{}, { 'Read Error': 'planned' }, {}].map((moved) => closedByClass(hub, since, moved));
    expect(counted).toEqual([
      { ...none, network: 1 },
      { ...none, planned: 1 },
      { ...none, network: 1 },
    ]);
  });

  it('count one minute on a first run, though it looks back over ten', () => {
    const at = (ageMs: number) => ({ stop: firstMinute - ageMs });
    const since = closed([at(0), at(minutes(1)), at(minutes(1) + 1)], { firstRun: true });
    expect(closedByClass(hub, since, {})).toEqual({ ...none, planned: 2 });
    expect(closedByClass(hub, { ...since, firstRun: false }, {})).toEqual({ ...none, planned: 3 });
  });
});

describe('words about rows', () => {
  it('show counts only where there is something to compare', () => {
    expect([tallied(['a']), tallied(['a', 'a']), tallied(['a', 'b']), tallied(['a', 'b', 'b'])]).toEqual([
      'a',
      'a',
      'a, b',
      'b (2), a (1)',
    ]);
    expect(tallied(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
  });

  it('tell a rhythm from four moments on', () => {
    const every = (gap: number, count: number) => Array.from({ length: count }, (_, i) => i * gap);
    expect([rhythm(every(2_000, 3)), rhythm(every(2_000, 4)), rhythm(every(200, 4))]).toEqual([
      null,
      'about one every 2 s',
      'several a second',
    ]);
  });
});

it('commands end no quotes that they did not open', () => {
  const evil = `x' ; reboot; '`;
  expect(closedReportCommand(evil).split("'")).toHaveLength(3);
  expect(closedRowsCommand('http://n1:8222', evil).split("'")).toHaveLength(7);
});
