import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectorOf, labelsOf, wholePath } from '../../lambdas/series/definition.ts';
import { exporterSeries, seriesByName } from '../../lambdas/series/exporter-series.ts';
import { exporterName } from '../../lambdas/series/find.ts';
import { flatten } from '../../lambdas/series/flatten.ts';
import type { JsonObject } from '../../lambdas/series/json.ts';
import { noteOf, notes } from '../../lambdas/series/notes.ts';
import { recordedFolder, recordedReply, recordedVersions } from './streams-scene.ts';

const one = (name: string) => {
  const [series] = seriesByName.get(name) ?? [];
  if (series === undefined) throw new Error(`no series ${name}`);
  return { name: exporterName(series), path: wholePath(series), labels: labelsOf(series), kind: series.kind };
};

describe("the exporter's series", () => {
  it('are 242 names, one of newer servers, six of metadata, and up', () => {
    expect(new Set(exporterSeries.map(({ name }) => name)).size).toBe(242 + 1 + 6 + 1);
  });

  it('have one meaning a name, but for the six sums of /connz', () => {
    const twice = [...seriesByName].filter(([, series]) => series.length > 1);
    expect(twice.map(([name, series]) => [name, ...series.map((each) => collectorOf(each).per)])).toEqual(
      ['pending_bytes', 'subscriptions', 'in_bytes', 'out_bytes', 'in_msgs', 'out_msgs'].map((name) => [
        `connz_${name}`,
        'server',
        'connection',
      ]),
    );
  });

  it('are named by path where a reply is flattened, by hand elsewhere', () => {
    expect(['varz_http_req_stats', 'varz_http_req_stats_varz', 'accstatz_leaf_nodes'].map(one)).toEqual([
      {
        name: 'gnatsd_varz_http_req_stats',
        path: 'http_req_stats["/"]',
        labels: ['server_id'],
        kind: 'total',
      },
      {
        name: 'gnatsd_varz_http_req_stats_varz',
        path: 'http_req_stats["/varz"]',
        labels: ['server_id'],
        kind: 'total',
      },
      {
        name: 'gnatsd_accstatz_leaf_nodes',
        path: 'account_statz[].leafnodes',
        labels: ['server_id', 'account', 'account_id', 'account_name'],
        kind: 'live',
      },
    ]);
  });

  it('tell running totals, configuration and texts from live values', () => {
    const kindOf = (name: string) => one(name).kind;
    expect(
      ['varz_slow_consumers', 'varz_max_payload', 'varz_version', 'varz_connections'].map(kindOf),
    ).toEqual(['total', 'config', 'info', 'live']);
  });

  it('have a label for a text, and none where the value is a number', () => {
    expect([one('varz_version').labels, one('varz_cpu').labels]).toEqual([
      ['server_id', 'value'],
      ['server_id'],
    ]);
  });

  it('have notes, each of which concerns one of them', () => {
    const shown = new Set(exporterSeries.map(noteOf));
    expect(notes.map(([, text]) => text).filter((text) => !shown.has(text))).toEqual([]);
  });

  it.each(recordedVersions)('have all that nats-server %s shows in /varz, /routez and /subsz', (version) => {
    const shown = readdirSync(path.join(recordedFolder, version), { recursive: true, encoding: 'utf8' })
      .map((file) => ({ file, endpoint: path.basename(file, '.json') }))
      .filter(({ file, endpoint }) => file.endsWith('.json') && /^(varz|routez|subsz)$/.test(endpoint))
      .flatMap(({ file, endpoint }) => {
        const reply = recordedReply(`${version}/${file.replace(/\.json$/, '')}`) as JsonObject;
        return [...flatten(reply).keys()].map((name) => `${endpoint}_${name}`);
      });
    expect([...new Set(shown)].filter((name) => !seriesByName.has(name))).toEqual([]);
  });
});
