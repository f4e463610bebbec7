import { describe, expect, it } from 'vitest';
import { joinedMetrics } from '../../lambdas/adapters/joined-metrics.ts';
import { PutError, type Datapoint } from '../../lambdas/ports.ts';

const points = (series: string, count = 1): readonly Datapoint[] =>
  Array.from({ length: count }, () => ({
    ...{ series, labels: {}, value: 1, unit: 'count' as const, at: '2026-11-20T09:00:00.000Z' },
  }));

/** So many runs; requests as `a+b`, the series in each; a wait that ends when it is told to. */
function joined(runs: number, refuses: (series: string) => boolean = () => false) {
  const requests: string[] = [];
  let waited = () => {};
  const sink = joinedMetrics(
    {
      put: (some) => {
        const names = [...new Set(some.map(({ series }) => series))];
        requests.push(names.join('+'));
        return names.some(refuses)
          ? Promise.reject(new Error(`denied: ${names.join('+')}`))
          : Promise.resolve();
      },
    },
    {
      runs,
      check: (some) => {
        if (some.some(({ series }) => series === 'unfit')) throw new Error('unfit');
      },
      wait: () => new Promise((resolve) => (waited = () => resolve(undefined))),
    },
  );
  return { sink, requests, endWait: () => waited() };
}

describe('metrics of the runs of one invocation', () => {
  it('are put in one request, once each has put its own', async () => {
    const { sink, requests } = joined(3);
    await Promise.all(['a', 'b', 'c'].map((name) => sink.put(points(name))));
    expect(requests).toEqual(['a+b+c']);
  });

  it('of a run alone are put at once', async () => {
    const { sink, requests } = joined(1);
    await sink.put(points('a'));
    expect(requests).toEqual(['a']);
  });

  it('wait for no run that has ended, be it without any', async () => {
    const { sink, requests } = joined(3);
    const put = [sink.put(points('a')), sink.put(points('b')), sink.put([])];
    sink.ended();
    await Promise.all(put);
    expect(requests).toEqual(['a+b']);
  });

  it('wait for a slow one a moment only, which then puts its own', async () => {
    const { sink, requests, endWait } = joined(3);
    const put = [sink.put(points('a')), sink.put(points('b'))];
    await new Promise((resolve) => setImmediate(resolve));
    endWait();
    await Promise.all(put);
    sink.ended();
    sink.ended();
    await sink.put(points('slow'));
    expect(requests).toEqual(['a+b', 'slow']);
  });

  it('are not divided: 1,000 datapoints are a request, and what would be more is the next', async () => {
    const { sink, requests } = joined(3);
    await Promise.all([sink.put(points('a', 600)), sink.put(points('b', 400)), sink.put(points('c'))]);
    expect(requests).toEqual(['a+b', 'c']);
  });

  it('fail for those whose request failed, and no others', async () => {
    const { sink } = joined(3, (series) => series === 'c');
    const put = [sink.put(points('a', 600)), sink.put(points('b', 400)), sink.put(points('c'))];
    expect((await Promise.allSettled(put)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
  });

  it('fail for none whose own were taken, where a common request was divided after all', async () => {
    const sink = joinedMetrics(
      { put: ([, ...others]) => Promise.reject(new PutError([], 'denied', others)) },
      { runs: 2, check: () => {} },
    );
    const put = [sink.put(points('a')), sink.put(points('b'))];
    expect((await Promise.allSettled(put)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('that CloudWatch would refuse keep no others back', async () => {
    const { sink, requests } = joined(2);
    const put = [sink.put(points('unfit')), sink.put(points('b'))];
    await expect(put[0]).rejects.toThrow('unfit');
    sink.ended();
    await put[1];
    expect(requests).toEqual(['b']);
  });
});
