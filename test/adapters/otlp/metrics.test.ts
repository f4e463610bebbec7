import { describe, expect, it } from 'vitest';
import { partlySeries } from '../../../lambdas/adapters/otlp/metrics.ts';
import type { Datapoint, SeriesPoint } from '../../../lambdas/ports.ts';

const point = (series: string): Datapoint => ({
  ...{ series, labels: { cluster: 'c1' }, value: 3, unit: 'count', at: '2026-11-20T09:00:00.000Z' },
});

function sinks({ fails = false } = {}) {
  const [metrics, series]: [Datapoint[][], SeriesPoint[][]] = [[], []];
  const refuse = (name: string) => (fails ? Promise.reject(new Error(`${name} denied`)) : Promise.resolve());
  const sink = partlySeries(
    { put: (some) => refuse('metrics').then(() => void metrics.push([...some])) },
    {
      put: (some) =>
        refuse('series').then(() => {
          series.push([...some]);
          return { offered: some.length, refused: [], rejected: 0, messages: [] };
        }),
    },
    (name) => name === 'ours',
  );
  return { sink, metrics, series };
}

describe('datapoints of which some are series', () => {
  it('go each to its place, with name, labels, value and time', async () => {
    const { sink, metrics, series } = sinks();
    await sink.put([point('ours'), point('findings')]);
    expect([metrics, series]).toEqual([
      [[point('findings')]],
      [[{ name: 'ours', labels: { cluster: 'c1' }, value: 3, at: Date.UTC(2026, 10, 20, 9), kind: 'gauge' }]],
    ]);
  });

  it('ask nothing of a place that none is for', async () => {
    const { sink, metrics, series } = sinks();
    await sink.put([point('ours')]);
    await sink.put([]);
    expect([metrics.length, series.length]).toEqual([0, 1]);
  });

  it('fail with what each place says', async () => {
    await expect(sinks({ fails: true }).sink.put([point('ours'), point('findings')])).rejects.toThrow(
      'Error: metrics denied; Error: series denied',
    );
  });

  it('leave those of the place that failed', async () => {
    const [ours, findings] = [point('ours'), point('findings')];
    const denied = { put: () => Promise.reject(new Error('denied')) };
    const sink = partlySeries({ put: async () => {} }, denied, (name) => name === 'ours');
    await expect(sink.put([ours, findings])).rejects.toMatchObject({ unsent: new Set([ours]) });
  });
});
