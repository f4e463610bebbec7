import { describe, expect, it } from 'vitest';
import { closeClass, closeReasons } from '../../lambdas/engine/close-reasons.ts';

const client = (reason: string) => ({ kind: 'Client', reason });
const leafnode = (reason: string) => ({ kind: 'Leafnode', reason });

describe('the class of a closed connection', () => {
  it('is known for every reason of nats-server up to 2.15', () => {
    expect(Object.keys(closeReasons)).toHaveLength(38);
  });

  it.each([
    ['Client Closed', 'planned'],
    ['Server Shutdown', 'planned'],
    ['Kicked', 'planned'],
    ['Credentials Revoked', 'planned'],
    ['Authentication Expired', 'planned'],
    ['Authentication Failure', 'auth'],
    ['Authentication Timeout', 'auth'],
    ['TLS Handshake Failure', 'auth'],
    ['Proxy Required', 'auth'],
    ['Slow Consumer (Pending Bytes)', 'slow'],
    ['Slow Consumer (Write Deadline)', 'slow'],
    ['Maximum Connections Exceeded', 'limit'],
    ['Maximum Control Line Exceeded', 'limit'],
    ['Stale Connection', 'network'],
    ['Read Error', 'network'],
    ['Protocol Violation', 'other'],
    ['Unknown State', 'other'],
  ])('of a client, %s, is %s', (reason, word) => {
    expect(closeClass(client(reason))).toBe(word);
  });

  it('is not planned for a leafnode that hangs up: a leaf server that gives up says nothing else', () => {
    expect(closeClass(leafnode('Client Closed'))).toBe('network');
  });

  it('is planned for a leafnode of a draining server', () => {
    expect(closeClass(leafnode('Server Shutdown'))).toBe('planned');
  });

  it('is other, and so unexpected, for a reason of a later nats-server', () => {
    expect(closeClass(client('Eaten By A Bear'))).toBe('other');
  });

  it('is slow for any further kind of slow consumer', () => {
    expect(closeClass(client('Slow Consumer (Bored)'))).toBe('slow');
  });

  it('is not fooled by a reason named like something else in JavaScript', () => {
    expect(closeClass(client('constructor'))).toBe('other');
  });

  it('is what settings say where they move a reason, for any kind', () => {
    const moved = { 'Client Closed': 'network', 'Parse Error': 'planned' };
    expect([closeClass(client('Client Closed'), moved), closeClass(client('Parse Error'), moved)]).toEqual([
      'network',
      'planned',
    ]);
  });
});
