import { describe, expect, it } from 'vitest';
import { flatName, flatten } from '../../lambdas/series/flatten.ts';

const flat = (reply: Readonly<Record<string, unknown>>) => Object.fromEntries(flatten(reply));

describe('the name of a path', () => {
  it.each([
    [['http_req_stats', '/varz'], 'http_req_stats_varz'],
    [['http_req_stats', '/'], 'http_req_stats'],
    [['jetstream', 'stats', 'api', 'errors'], 'jetstream_stats_api_errors'],
    [['_a__b_', 'c'], 'a_b_c'],
  ])('%j is %s', (path, name) => {
    expect(flatName(path)).toBe(name);
  });
});

describe('a flattened reply', () => {
  it('has numbers of every depth', () => {
    expect(flat({ cpu: 0.5, a: { b: { c: 3 }, d: 0 } })).toEqual({ cpu: 0.5, a_b_c: 3, a_d: 0 });
  });

  it('has neither booleans nor lists nor null', () => {
    expect(flat({ tls_required: true, connect_urls: ['a'], leafs: null })).toEqual({});
  });

  it('has few texts, by their last key', () => {
    const reply = {
      version: '2.15.1',
      host: 'h',
      cluster: { name: 'c' },
      metadata: { name: 'm', zone: 'z' },
    };
    expect(flat(reply)).toEqual({ version: '2.15.1', cluster_name: 'c', metadata_name: 'm' });
  });

  it('has times of those keys in epoch milliseconds, fractions cut off', () => {
    const reply = { start: '2026-11-20T09:59:17.851944945Z', now: '2026-11-20T09:59:18Z' };
    expect(flat(reply)).toEqual({ start: Date.parse('2026-11-20T09:59:17.851Z') });
  });

  it("has Go's zero time as it stands", () => {
    expect(flat({ start: '0001-01-01T00:00:00Z' })).toEqual({ start: -62_135_596_800_000 });
  });

  it('takes a time in any of those keys for one, and a start that is none for a text', () => {
    expect(flat({ metadata: { version: '2026-01-01T00:00:00Z', start: 'soon' } })).toEqual({
      metadata_version: Date.parse('2026-01-01T00:00:00Z'),
      metadata_start: 'soon',
    });
  });

  it('leaves out what the exporter skips by whole name, and all below', () => {
    const skipped = {
      leaf: { port: 1, tls: { a: 1 } },
      trusted_operators_claim: { a: 1 },
      cluster: { tls_timeout: 1, cluster_port: 1, auth_timeout: 1, pool_size: 3 },
      gateway: { port: 1, auth_timeout: 1, tls_timeout: 1, connect_retries: 1, write_deadline: 2 },
    };
    expect(flat({ ...skipped, leafnodes: 2 })).toEqual({
      cluster_pool_size: 3,
      gateway_write_deadline: 2,
      leafnodes: 2,
    });
  });

  it('has the first of two paths with one name', () => {
    expect(flat({ a: { b: 1 }, a_b: 2 })).toEqual({ a_b: 1 });
  });
});
