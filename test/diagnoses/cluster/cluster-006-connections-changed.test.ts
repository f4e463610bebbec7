import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-006-connections-changed.ts';
import { failing, server, varz, watching } from '../../kit.ts';

const holding = (connections: number, start?: number) =>
  server('n1', { varz: varz({ connections, ...(start === undefined ? {} : { start }) }) });

/** The outcome of the second of two runs that find so many clients. */
function change(before: number, after: number) {
  const watch = watching(diagnosis);
  watch.look([holding(before)]);
  return watch.look([holding(after)]).outcomes['n1'];
}

describe('CLUSTER_006, the number of connections changed at once', () => {
  it('is quiet at 500 more and trips one beyond', () => {
    expect([change(1_000, 1_500), change(1_000, 1_501)]).toEqual(['ok', 'warning']);
  });

  it('is quiet at 500 fewer and trips one beyond', () => {
    expect([change(1_000, 500), change(1_000, 499)]).toEqual(['ok', 'warning']);
  });

  it('says nothing on a first run, which has nothing to compare with', () => {
    const look = watching(diagnosis).look([holding(90_000)]);
    expect(look.seen).toEqual({ n1: '90,000 clients, no earlier run to compare with' });
    expect(look.findings).toEqual([]);
  });

  it('compares with the last run that could read the server', () => {
    const watch = watching(diagnosis);
    watch.look([holding(1_000)]);
    expect(watch.look([server('n1', { varz: failing() })]).outcomes).toEqual({ n1: 'unknown' });
    const [finding] = watch.look([holding(400)]).findings;
    expect(finding?.summary).toBe('n1 went from 1,000 to 400 clients within 2 min: 600 fewer, limit 500.');
  });

  it('shows where clients may have gone', () => {
    const watch = watching(diagnosis);
    const peer = (connections: number) => server('n2', { varz: varz({ connections }) });
    watch.look([holding(1_000), peer(10)]);
    const found = watch.look([holding(100), peer(510)]).findings;
    expect(found.map(({ evidence }) => evidence)).toEqual([['elsewhere in the cluster now: n2 510']]);
  });
});
