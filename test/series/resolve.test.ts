import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectorOf } from '../../lambdas/series/definition.ts';
import { editDistance } from '../../lambdas/series/edit-distance.ts';
import { exporterSeries } from '../../lambdas/series/exporter-series.ts';
import { seriesWithLabels, exporterName } from '../../lambdas/series/find.ts';
import { inferPrefixes, resolve } from '../../lambdas/series/resolve.ts';

const found = (name: string, prefixes?: readonly string[]) => {
  const resolved = resolve(name, prefixes);
  return resolved.known ? resolved.series.map((series) => exporterName(series)) : 'unknown';
};
const nearest = (name: string, prefixes?: readonly string[]) => {
  const resolved = resolve(name, prefixes);
  return resolved.known ? 'known' : resolved.nearest;
};

describe('a name', () => {
  it.each([
    ['gnatsd_varz_connections', 'gnatsd_varz_connections'],
    ['nats_varz_connections', 'gnatsd_varz_connections'],
    ['jetstream_consumer_num_pending', 'jetstream_consumer_num_pending'],
    ['nats_consumer_num_pending', 'jetstream_consumer_num_pending'],
    ['nats_server_total_streams', 'jetstream_server_total_streams'],
    ['up', 'up'],
  ])('%s is %s', (name, series) => {
    expect(found(name)).toEqual([series]);
  });

  it('behind a prefix of its own is known once the prefix is', () => {
    expect([found('acme_prod_varz_cpu'), found('acme_prod_varz_cpu', ['acme_prod'])]).toEqual([
      'unknown',
      ['gnatsd_varz_cpu'],
    ]);
  });

  it('of one namespace is unknown in the other', () => {
    expect(
      ['jetstream_varz_cpu', 'gnatsd_consumer_num_pending', 'nats_up'].map((name) => found(name)),
    ).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('without any namespace is unknown', () => {
    expect(found('varz_connections')).toBe('unknown');
  });

  it('is found in every spelling, whatever the series', () => {
    const spelling = fc.constantFrom(null, 'nats', 'acme', 'a_b_c');
    fc.assert(
      fc.property(fc.constantFrom(...exporterSeries), spelling, (series, prefix) => {
        const resolved = resolve(exporterName(series, prefix), ['acme', 'a_b_c']);
        expect(resolved.known && resolved.series.includes(series)).toBe(true);
      }),
    );
  });
});

describe('a name that nobody exports', () => {
  it.each([
    ['gnatsd_varz_conections', 'gnatsd_varz_connections'],
    ['nats_jetstream_consumer_num_pending', 'nats_consumer_num_pending'],
    ['gnatsd_jetstream_storage_used', 'jetstream_account_storage_used'],
    ['nats_slow_consumers', 'nats_varz_slow_consumers'],
    ['nats_connections', 'nats_varz_connections'],
    ['jetstream_varz_cpu', 'gnatsd_varz_cpu'],
    ['ups', 'up'],
  ])('is refused: %s may mean %s', (name, meant) => {
    expect(nearest(name)[0]).toBe(meant);
  });

  it('comes with three names in its own spelling', () => {
    expect(nearest('nats_varz_cluster_size')).toEqual([
      'nats_varz_cluster_pool_size',
      'nats_varz_jetstream_meta_cluster_size',
      'nats_varz_cluster_name',
    ]);
  });

  it('comes with names behind the prefix that it has', () => {
    expect(nearest('acme_varz_conections', ['acme'])[0]).toBe('acme_varz_connections');
  });
});

describe('a name with two meanings', () => {
  const per = (labels: readonly string[]) => {
    const resolved = resolve('gnatsd_connz_in_msgs');
    const series = resolved.known ? seriesWithLabels(resolved.series, labels) : undefined;
    return series && collectorOf(series).per;
  };

  it('is the sum unless a label tells connections apart', () => {
    expect([per([]), per(['server_id', 'job']), per(['server_id', 'name'])]).toEqual([
      'server',
      'server',
      'connection',
    ]);
  });
});

describe('prefixes in use', () => {
  it('are seen by one name of a core endpoint', () => {
    expect(inferPrefixes(['acme_varz_cpu', 'node_load1'])).toEqual(['acme']);
  });

  it('are seen by two names of JetStream, not by one', () => {
    expect([
      inferPrefixes(['acme_stream_last_seq']),
      inferPrefixes(['acme_stream_last_seq', 'acme_stream_last_seq']),
      inferPrefixes(['acme_stream_last_seq', 'acme_consumer_num_pending']),
    ]).toEqual([[], [], ['acme']]);
  });

  it('may be several and hold underscores', () => {
    expect(inferPrefixes(['a_b_varz_cpu', 'c_connz_total'])).toEqual(['a_b', 'c']);
  });

  it('are not the usual namespaces, nor what begins with them', () => {
    const names = [
      'gnatsd_varz_cpu',
      'nats_varz_cpu',
      'jetstream_stream_last_seq',
      'gnatsd_jetstream_varz_cpu',
    ];
    expect(inferPrefixes(names)).toEqual([]);
  });
});

describe('the edit distance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['varz', 'varz', 0],
  ])('of "%s" and "%s" is %d', (from, to, distance) => {
    expect([editDistance(from, to), editDistance(to, from)]).toEqual([distance, distance]);
  });
});
