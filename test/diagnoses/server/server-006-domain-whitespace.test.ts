import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-006-domain-whitespace.ts';
import { server, varz, watching } from '../../kit.ts';

const inDomain = (domain?: string) =>
  server('n1', {
    varz: varz({ jetstream: { stats: {}, config: { max_memory: 1, max_storage: 1, domain } } }),
  });

describe('SERVER_006, white space in the JetStream domain', () => {
  it('is a warning that shows what nobody sees', () => {
    expect(watching(diagnosis).look([inDomain('hub\u00a0')]).findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'server', name: 'n1' },
        summary: 'The JetStream domain of n1 has white space: "hub\\u00a0".',
      },
    ]);
  });

  it.each([
    ['hub', 'ok'],
    ['hub-1_a', 'ok'],
    ['h b', 'warning'],
    ['\thub', 'warning'],
    [undefined, 'not-applicable'],
  ])('%j is %s', (domain, outcome) => {
    expect(watching(diagnosis).look([inDomain(domain)]).outcomes).toEqual({ n1: outcome });
  });

  it('does not apply without JetStream', () => {
    expect(watching(diagnosis).look([server('n1')]).outcomes).toEqual({ n1: 'not-applicable' });
  });
});
