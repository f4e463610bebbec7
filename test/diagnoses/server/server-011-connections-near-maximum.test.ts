import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-011-connections-near-maximum.ts';
import { failing, server, varz, watching } from '../../kit.ts';

const using = (connections: number, max_connections = 1_000) =>
  server('n1', { varz: varz({ connections, max_connections }) });

describe('SERVER_011, connections near the maximum', () => {
  it('is quiet below 80 % of max_connections and trips there', () => {
    expect(watching(diagnosis).look([using(799)]).outcomes).toEqual({ n1: 'ok' });
    expect(watching(diagnosis).look([using(800)]).outcomes).toEqual({ n1: 'warning' });
  });

  it('tells how many there are, may be, and could still come', () => {
    const [finding] = watching(diagnosis).look([using(830)]).findings;
    expect(finding).toMatchObject({
      summary: 'n1 holds 830 of at most 1,000 connections: 83 %, limit 80 %.',
      observed: 0.83,
      limit: 0.8,
      unit: 'ratio',
      evidence: ['room for 170 more'],
    });
  });

  it.each([-5, 1e300, 0.5])('is unknown with a maximum of %d, which is none', (most) => {
    expect(watching(diagnosis).look([using(830, most)])).toMatchObject({
      outcomes: { n1: 'unknown' },
      seen: { n1: `/varz says max_connections ${most}, which is no count` },
    });
  });

  it('does not apply where the server has no maximum', () => {
    expect(watching(diagnosis).look([using(830, 0)]).outcomes).toEqual({ n1: 'not-applicable' });
    expect(watching(diagnosis).look([using(830, -1)]).outcomes).toEqual({ n1: 'not-applicable' });
  });

  it('never calls silence healthy', () => {
    expect(watching(diagnosis).look([server('n1', { varz: failing() })]).outcomes).toEqual({ n1: 'unknown' });
  });
});
