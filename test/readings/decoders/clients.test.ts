import { describe, expect, it } from 'vitest';
import { decodeClients, type ClientRow } from '../../../lambdas/readings/decoders/clients.ts';
import { decodeClientSubjects } from '../../../lambdas/readings/decoders/client-subjects.ts';
import { decodeSubsz } from '../../../lambdas/readings/decoders/subsz.ts';
import { connectionsJson, now, nowMs, openRowJson } from './samples.ts';

const userKey = `U${'A'.repeat(55)}`;
const accountKey = `A${'B'.repeat(55)}`;
const jwtOf = (nats: object): string =>
  [{ typ: 'JWT' }, { sub: userKey, nats }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.') + '.c2lnbmF0dXJl';

function rowOf(changes: Parameters<typeof openRowJson>[0], showsTokens = false): ClientRow {
  const decoded = decodeClients(showsTokens)(connectionsJson([openRowJson({ jwt: undefined, ...changes })]));
  const [row] = decoded.ok ? decoded.value.connections : [];
  if (row === undefined) throw new Error('not decoded');
  return row;
}

describe('an open connection with who logged in', () => {
  it('has its user by name where the server shows no tokens', () => {
    expect(rowOf({ authorized_user: 'alice' }).user).toEqual({ name: 'alice' });
  });

  it('has a mark in place of a name that may be a token, the same for the same one', () => {
    const token = 'kept-between-us-4711';
    const { user } = rowOf({ authorized_user: token }, true);
    expect([user, rowOf({ authorized_user: 'other' }, true).user]).toEqual([
      { mark: expect.any(Number) as number },
      { mark: expect.any(Number) as number },
    ]);
    expect(rowOf({ authorized_user: token }, true).user).toEqual(user);
    expect(JSON.stringify(rowOf({ authorized_user: token }, true))).not.toContain('kept-between-us');
  });

  it('has a public key by name on every release, and nobody where a token is hidden or none logged in', () => {
    expect([
      rowOf({ authorized_user: userKey }, true).user,
      rowOf({ authorized_user: '[REDACTED]' }).user,
      rowOf({ authorized_user: undefined }).user,
    ]).toEqual([{ name: userKey }, undefined, undefined]);
  });

  it('is told to be a bearer by its JWT, of which nothing else is kept', () => {
    const bearer = rowOf({ jwt: jwtOf({ bearer_token: true }), account: accountKey });
    expect(bearer.bearer).toBe('shown');
    expect(JSON.stringify(bearer)).not.toContain('eyJ');
    expect([
      rowOf({ jwt: jwtOf({}) }).bearer,
      rowOf({ jwt: jwtOf({ name: '"bearer_token":true' }) }).bearer,
      rowOf({ jwt: 'no.jwt.~' }).bearer,
    ]).toEqual([undefined, undefined, undefined]);
  });

  it('is told to be a bearer by a JWT that the server leaves out: of an account in operator mode alone', () => {
    expect([
      rowOf({ account: accountKey, issuer_key: accountKey }).bearer,
      rowOf({ account: 'APP', issuer_key: 'APP' }).bearer,
      rowOf({ account: 'APP', issuer_key: accountKey }).bearer,
      rowOf({ account: accountKey, issuer_key: undefined }).bearer,
    ]).toEqual(['redacted', undefined, undefined, undefined]);
  });

  it('of an MQTT client has neither name nor round trip', () => {
    const { name, mqtt_client: id, rtt } = rowOf({ name: undefined, mqtt_client: 'pump-8', rtt: '0s' });
    expect([name, id, rtt]).toEqual([undefined, 'pump-8', 0]);
  });
});

describe('what a client subscribes to', () => {
  it('is counted by subject, the most repeated first', () => {
    const list = ['a', 'b', 'b', 'c', 'c', 'c'];
    const reply = {
      server_id: 'S1',
      now,
      connections: [{ cid: 7, subscriptions: 6, subscriptions_list: list }],
    };
    expect(decodeClientSubjects(reply)).toEqual({
      ok: true,
      value: {
        ...{ server_id: 'S1', now: nowMs, cid: 7, subscriptions: 6, subjects: 3 },
        repeated: [
          ['c', 3],
          ['b', 2],
        ],
      },
    });
  });

  it('is a problem where a client has subscriptions and none is listed', () => {
    const connections = [{ cid: 7, subscriptions: 6 }];
    expect(decodeClientSubjects({ server_id: 'S1', now, connections })).toEqual({
      ok: false,
      problem: 'subscriptions_list: expected 6 rows as subscriptions says, received 0',
    });
  });

  it.each([[[]], [null]])('is nothing of a client that has gone: %j', (connections) => {
    expect(decodeClientSubjects({ server_id: 'S1', now, connections })).toMatchObject({
      value: { cid: null, subscriptions: 0, repeated: [] },
    });
  });
});

describe('who listens', () => {
  const listing = (list: unknown) => ({
    server_id: 'S1',
    now,
    num_subscriptions: 3,
    subscriptions_list: list,
  });

  it.each([
    [
      [{ subject: 'a', cid: 7, account: 'APP', sid: '1', msgs: 0 }],
      [{ subject: 'a', cid: 7, account: 'APP' }],
    ],
    [undefined, []],
    [null, []],
  ])('is read from subscriptions_list: %j', (list, expected) => {
    expect(decodeSubsz(listing(list))).toEqual({
      ok: true,
      value: { server_id: 'S1', now: nowMs, subscriptions_list: expected },
    });
  });

  it('is nobody where an older server answers with counters alone, and not known of a reply without these', () => {
    expect(decodeSubsz({ num_subscriptions: 3, num_cache: 0 })).toEqual({
      ok: true,
      value: { server_id: undefined, now: undefined, subscriptions_list: [] },
    });
    expect(decodeSubsz({}).ok).toBe(false);
  });
});
