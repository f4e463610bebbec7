import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/user/user-001-bearer-token.ts';
import { client, many, serving } from '../../clients-kit.ts';
import { watching } from '../../kit.ts';

const look = (...rows: readonly ReturnType<typeof client>[]) =>
  watching(diagnosis, { every: minutes(5) }).look([serving('n1', [...many(5), ...rows])]);

describe('USER_001, users with bearer tokens are connected', () => {
  it('tells of them for information, once for a cluster', () => {
    const bearer = client({ bearer: 'shown', user: { name: 'UBROWSER' } });
    expect(look(bearer, bearer).findings).toMatchObject([
      {
        severity: 'info',
        entity: { kind: 'cluster', name: 'c1' },
        summary: '2 connections of cluster c1 are of users with bearer tokens.',
        evidence: ['users: UBROWSER (APP) 2'],
      },
    ]);
  });

  it('says where it is told by a JWT that the server does not show', () => {
    const [finding] = look(client({ bearer: 'redacted', user: { name: 'UBROWSER' } })).findings;
    expect(finding?.evidence.at(-1)).toBe(
      '1 told by the JWT that the server does not show; users of an auth callout whose own JWT is a bearer token look the same',
    );
  });

  it('is silent about all others', () => {
    expect(look(client({ user: { name: 'UAPP' } })).findings).toEqual([]);
  });
});
