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
