import { describe, expect, it } from 'vitest';
import { known } from '../../lambdas/define.ts';
import type { SeriesDefinition } from '../../lambdas/series/definition.ts';
import { exporterSeries } from '../../lambdas/series/exporter-series.ts';
import { fieldAt } from '../../lambdas/series/json.ts';
import { possibleIn } from '../../lambdas/series/possible.ts';
import { decodedVarz } from '../kit.ts';

const mostPercent = 100 * 2 ** 16;
const values = [
  -3,
  -1,
  -0.5,
  0,
  0.5,
  2 ** 16,
  2 ** 16 + 1,
  mostPercent,
  mostPercent + 1,
  2 ** 31,
  2 ** 31 + 1,
  2 ** 52,
  2 ** 52 + 1,
  2 ** 64,
  2 ** 65,
];
const from = (least: number, most: number) => values.filter((value) => value >= least && value <= most);
const whole = (most: number) => from(0, most).filter(Number.isInteger);
const ofName = (wanted: string): SeriesDefinition => {
  const series = exporterSeries.find(({ name }) => name === wanted);
  if (series === undefined) throw new Error(`no series ${wanted}`);
  return series;
};
const possible = (name: string) => values.filter(possibleIn(ofName(name)));

describe('values that a server can have', () => {
  it.each([
    ['connections now', 'varz_connections', whole(2 ** 31)],
    ['a running total', 'varz_in_msgs', whole(2 ** 64)],
    ['processors', 'varz_gomaxprocs', whole(2 ** 16)],
    ['a share', 'varz_cpu', from(0, mostPercent)],
    ['bytes on disk', 'varz_jetstream_stats_storage', whole(2 ** 52)],
    ['bytes in memory', 'varz_mem', whole(2 ** 52)],
    ['bytes that passed', 'varz_in_bytes', whole(2 ** 64)],
    ['bytes that are set aside', 'varz_jetstream_stats_reserved_storage', whole(2 ** 64)],
    ['what a setting is', 'varz_max_connections', values],
    ['what JetStream is configured with', 'server_max_memory', values],
    ['a limit of a stream', 'stream_limit_bytes', values],
    ['how long ago, -1 for never', 'stream_mirror_active_duration_ns', values],
    ['a time, before 1970 too', 'connz_last_activity', values],
    ['a duration', 'connz_rtt', values],
  ])('are those of %s (%s)', (_, name, expected) => {
    expect(possible(name)).toEqual(expected);
  });

  it('are the same for rules and for diagnoses, field by field of /varz', () => {
    const both = exporterSeries.flatMap(({ collector, path }) => {
      const keys = path.split('.');
      const isFigure =
        collector === 'varz' && !path.startsWith('http_') && typeof fieldAt(decodedVarz(), keys) === 'number';
      return isFigure && !['start', 'config_load_time'].includes(path) ? [{ path, keys }] : [];
    });
    expect(both.length).toBeGreaterThan(20);
    for (const { path, keys } of both) {
      const [first = '', second] = keys;
      const reported = values.filter((value) => {
        const stats = { clients: 0, routes: 0, gateways: 0, leafs: 0 };
        const changes = { [first]: second === undefined ? value : { ...stats, [second]: value } };
        return known(() => fieldAt(decodedVarz(changes), keys)) !== null;
      });
      expect([path, reported]).toEqual([path, possible(`varz_${keys.join('_')}`)]);
    }
  });
});
