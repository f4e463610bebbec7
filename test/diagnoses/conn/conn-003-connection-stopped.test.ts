import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-003-connection-stopped.ts';
import type { ClosedConnection } from '../../../lambdas/define.ts';
import { closed, failing, firstMinute, server, varz, watching } from '../../kit.ts';

const spoken = { name: 'billing', account: 'APP', lang: 'go', version: '1.40.0' };
const probe = { lifetimeSeconds: 0.01, ip: '10.0.1.5' };
const look = (rows: readonly Partial<ClosedConnection>[], changes = {}, options = {}) =>
  watching(diagnosis, { remembers: true, ...options }).look([
    server('n1', { closed: closed(rows, changes) }),
  ]);

describe('CONN_003, connections stopped', () => {
  it('is information: never a warning, never sent, and of no limit', () => {
    const { outcomes, findings, notices } = look([{ ...spoken, reason: 'Read Error' }]);
    expect([outcomes, findings.map(({ severity, limit }) => [severity, limit]), notices]).toEqual([
      { n1: 'ok' },
      [['info', null]],
      [],
    ]);
  });

  it('says nothing where nothing closed', () => {
    expect(look([])).toMatchObject({ seen: { n1: 'nothing closed' }, findings: [] });
  });

  it('never calls silence healthy', () => {
    const blind = server('n1', { closed: failing() });
    expect(watching(diagnosis).look([blind]).outcomes).toEqual({ n1: 'unknown' });
  });

  it('counts planned and unexpected ones, and health probes apart', () => {
    const { findings, seen } = look([
      spoken,
      { ...spoken, reason: 'Server Shutdown' },
      { ...spoken, reason: 'Stale Connection' },
      probe,
      probe,
    ]);
    expect(findings[0]?.summary).toBe(
      'n1 closed 3 connections since the last run: 2 as planned, 1 unexpectedly (1 Stale Connection). 2 TCP health probes beside them.',
    );
    expect(seen).toEqual({ n1: '3 closed: 2 planned, 1 unexpected; 2 health probes' });
    expect(findings[0]?.evidence[0]).toBe('health probes: 2 from 10.0.1.5 connected and left without a word');
  });

  it('says nothing where probes alone closed, of the leafnode port too', () => {
    const { findings, seen } = look([probe, { ...probe, kind: 'Leafnode' }]);
    expect([findings, seen]).toEqual([[], { n1: '0 closed: 0 planned, 0 unexpected; 2 health probes' }]);
  });

  it('groups by reason and account, with names and addresses, the unexpected first', () => {
    const [finding] = look([
      spoken,
      spoken,
      { ...spoken, reason: 'Read Error', ip: '10.0.0.7' },
      { ...spoken, reason: 'Read Error', ip: '10.0.0.7', name: 'web' },
      { ...spoken, reason: 'Read Error', ip: '10.0.0.8' },
      { kind: 'Leafnode', reason: 'Client Closed', name: 'leaf1', account: 'APP' },
    ]).findings;
    expect(finding?.evidence).toEqual([
      '3 × Read Error (its connection was reset): billing (2), web (1); account APP; from 10.0.0.7 (2), 10.0.0.8 (1)',
      '1 × Client Closed (it hung up): leafnode leaf1; account APP; from 10.0.0.9',
      '2 × Client Closed (it hung up): billing; account APP; from 10.0.0.9',
    ]);
  });

  const device = { type: 'mqtt', mqtt_client: 'dev0', lifetimeSeconds: 600, idle: 90 };

  it.each([
    [
      'an MQTT client that may have missed its keepalive',
      { ...device, reason: 'Read Error' },
      'Read Error (it missed its keepalive, or its connection was reset): dev0',
    ],
    [
      'one that had just sent a message',
      { ...device, reason: 'Read Error', idle: 0 },
      'Read Error (its connection was reset): dev0',
    ],
    [
      'MQTT 5',
      { ...device, mqtt_client: undefined, reason: 'Protocol Violation' },
      'Protocol Violation (it is no MQTT 3.1.1: MQTT 5, an empty id without clean session, or another protocol): (unnamed)',
    ],
    [
      'HTTP or TLS without authorization',
      { reason: 'Protocol Violation', lifetimeSeconds: 0.001 },
      'Protocol Violation (it began with HTTP, TLS or other bytes that are not NATS): (unnamed)',
    ],
    [
      'a protocol error after the login',
      { name: 'billing', lang: 'go', reason: 'Protocol Violation', lifetimeSeconds: 0.001 },
      'Protocol Violation (it broke the protocol; a leafnode: a loop or a permission): billing',
    ],
    ['-ERR', { name: 'billing', lang: 'go', reason: 'Parse Error' }, 'Parse Error (it sent -ERR): billing'],
  ])('says of one reason what it means for %s', (_, row, expected) => {
    expect(look([row]).findings[0]?.evidence.at(-1)).toBe(`1 × ${expected}; from 10.0.0.9`);
  });

  it('says of closes within a second of a reload that it may have caused them, and of no others', () => {
    const loaded = firstMinute - 30_000;
    const meaning = (stop: number, start = loaded - 60_000) => {
      const one = { ...spoken, start, stop };
      const reloaded = server('n1', {
        varz: varz({ config_load_time: loaded }),
        closed: closed([one]),
      });
      const [finding] = watching(diagnosis).look([reloaded]).findings;
      return /\((.*)\)/.exec(finding?.evidence[0] ?? '')?.[1];
    };
    const cut = 'a reload cut it off, or it hung up just then';
    expect([
      meaning(loaded - 1_000),
      meaning(loaded - 999),
      meaning(loaded + 999),
      meaning(loaded + 1_000),
      meaning(loaded + 1, loaded),
    ]).toEqual(['it hung up', cut, cut, 'it hung up', 'it hung up']);
  });

  it('does not take MQTT clients for clients without a name', () => {
    expect(look([{ ...device, mqtt_client: 'dev0' }]).findings[0]?.evidence).toEqual([
      '1 × Client Closed (it hung up): dev0; from 10.0.0.9',
    ]);
  });

  it('counts clients without a name and recommends naming them', () => {
    const nameless = { ...spoken, name: undefined };
    const [finding] = look([spoken, nameless, nameless]).findings;
    expect(finding?.evidence[0]).toBe(
      'no name: 2 of 3 clients, from 10.0.0.9; a name in the connect options would tell whose they are',
    );
    expect(finding?.remedy).toContain('Give every client a name');
  });

  it('does not blame a client for the name that the server gave it no time to say', () => {
    const [finding] = look([{ reason: 'Maximum Connections Exceeded', lifetimeSeconds: 0 }]).findings;
    expect(finding?.evidence).toEqual([
      '1 × Maximum Connections Exceeded (the server was full): (unnamed); from 10.0.0.9',
    ]);
  });

  it('follows settings that move a reason', () => {
    const facts = { facts: { closeReasons: { 'Client Closed': 'network', 'Read Error': 'planned' } } };
    expect(look([spoken, { ...spoken, reason: 'Read Error' }, spoken], {}, facts).seen).toEqual({
      n1: '3 closed: 1 planned, 2 unexpected',
    });
  });

  it('says since when on a first run', () => {
    const row = { ...spoken, stoppedAt: firstMinute - 5 * 60_000 };
    expect(look([row], { firstRun: true }).findings[0]?.summary).toContain('since 2026-11-20 09:55 UTC');
  });

  it('lets no escape sequence out of a client’s name', () => {
    const [finding] = look([{ ...spoken, reason: 'Parse Error', name: '\u001b[2J\nok' }]).findings;
    expect(finding?.evidence[0]).toContain('\ufffd[2J\ufffdok');
  });
});
