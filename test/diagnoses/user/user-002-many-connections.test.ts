import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/user/user-002-many-connections.ts';
import { many, serving } from '../../clients-kit.ts';
import { watching } from '../../kit.ts';

const every = minutes(5);
const of = (count: number, user: NonNullable<Parameters<typeof many>[1]>) => many(count, user);

describe('USER_002, one user holds many connections', () => {
  it.each([
    [100, []],
    [101, ['info']],
  ])('%d over all servers: %j, for information', (count, expected) => {
    const half = Math.floor(count / 2);
    const user = () => ({ user: { name: 'app' } });
    const look = watching(diagnosis, { every }).look([
      serving('n1', of(half, user)),
      serving('n2', of(count - half, user)),
    ]);
    expect(look.findings.map(({ severity }) => severity)).toEqual(expected);
  });

  it('names the user, and what its clients are called', () => {
    const [finding] = watching(diagnosis, { every }).look([
      serving(
        'n1',
        of(150, (i) => ({ user: { name: 'app' }, name: i < 50 ? 'orders' : 'web' })),
      ),
    ]).findings;
    expect(finding).toMatchObject({
      entity: { kind: 'user', name: 'app (APP)' },
      summary: 'User app (APP) holds 150 connections, limit 100.',
      evidence: ['client names: web 100, orders 50', 'addresses: 150', 'servers: n1 150'],
    });
  });

  it('leaves to CONN_113 what one name holds at one address, and tells of the others', () => {
    const hot = (count: number) =>
      of(count, () => ({ user: { name: 'app' }, ip: '10.9.0.7', name: 'ingest' }));
    const others = (count: number) => of(count, () => ({ user: { name: 'app' } }));
    const told = (...rows: readonly (readonly ReturnType<typeof hot>[number][])[]) =>
      watching(diagnosis, { every })
        .look([serving('n1', rows.flat())])
        .findings.map(({ summary }) => summary);
    expect(told(hot(500))).toEqual([]);
    expect(told(hot(500), others(100))).toEqual([]);
    expect(told(hot(500), others(101))).toEqual([
      'User app (APP) holds 601 connections, 101 of them beside what CONN_113 tells of, limit 100.',
    ]);
    // CONN_113 tells of more than 100, and takes an address of many names for a proxy.
    expect(told(hot(100), others(1))).toEqual(['User app (APP) holds 101 connections, limit 100.']);
    const proxied = Array.from({ length: 9 }, (_, i) =>
      of(101, () => ({ user: { name: 'app' }, ip: '10.9.0.7', name: `app-${i}` })),
    );
    expect(told(...proxied)).toEqual(['User app (APP) holds 909 connections, limit 100.']);
    const anonymous = Array.from({ length: 8 }, (_, i) =>
      of(2, () => ({ ip: '10.9.0.7', name: `app-${i}` })),
    );
    expect(told(hot(500), ...anonymous)).toEqual(['User app (APP) holds 500 connections, limit 100.']);
  });

  it('does not name one whose name may be a token', () => {
    const [finding] = watching(diagnosis, { every }).look([
      serving(
        'n1',
        of(150, () => ({ user: { mark: 4_711 } })),
      ),
    ]).findings;
    expect(finding?.entity).toEqual({ kind: 'user', name: 'user of web (APP)' });
    expect(JSON.stringify(finding)).not.toContain('4711');
  });

  it('knows nothing of those who log in with one token, or not at all', () => {
    expect(watching(diagnosis, { every }).look([serving('n1', many(500))]).seen).toEqual({
      cluster: 'nobody logs in by name',
    });
  });

  it('keeps two users of one name in two accounts apart', () => {
    const rows = [
      ...of(80, () => ({ user: { name: 'app' }, account: 'A' })),
      ...of(80, () => ({ user: { name: 'app' }, account: 'B' })),
    ];
    expect(watching(diagnosis, { every }).look([serving('n1', rows)]).findings).toEqual([]);
  });
});
