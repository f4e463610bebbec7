import { parseGoTime } from '../readings/decoders/go-values.ts';
import { isObject, zeroTimeMs, type JsonObject } from './json.ts';

/** Skipped by whole name, and with it all below (prometheus-nats-exporter, collector.go `skipFQN`). */
const skipped = new Set([
  'leaf',
  'trusted_operators_claim',
  'cluster_tls_timeout',
  'cluster_cluster_port',
  'cluster_auth_timeout',
  'gateway_port',
  'gateway_auth_timeout',
  'gateway_tls_timeout',
  'gateway_connect_retries',
]);
/** The texts that are kept, by the last key of their path; all others are dropped. */
const keptTexts = new Set([
  'server_id',
  'server_name',
  'version',
  'domain',
  'leader',
  'name',
  'start',
  'config_load_time',
]);

/** A number, or a text that becomes the label `value` of a series that is always 1. */
export type Flat = number | string;

/**
 * Names and values that prometheus-nats-exporter makes of a whole reply (/varz, /routez, /subsz): numbers as they are,
 * RFC 3339 times in epoch milliseconds, few texts; booleans and lists are dropped. Of two paths with one name the first
 * one counts.
 */
export function flatten(reply: JsonObject): ReadonlyMap<string, Flat> {
  const found = new Map<string, Flat>();
  const visit = (object: JsonObject, above: readonly string[]): void => {
    for (const [key, value] of Object.entries(object)) {
      const path = [...above, key];
      const name = flatName(path);
      if (skipped.has(name)) continue;
      if (isObject(value)) visit(value, path);
      else {
        const flat = flatValue(key, value);
        if (flat !== undefined && !found.has(name)) found.set(name, flat);
      }
    }
  };
  visit(reply, []);
  return found;
}

/** `["http_req_stats", "/varz"]` is `http_req_stats_varz`. */
export function flatName(path: readonly string[]): string {
  return path.join('_').replaceAll('/', '_').replace(/_{2,}/g, '_').replace(/^_|_$/g, '');
}

function flatValue(key: string, value: unknown): Flat | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !keptTexts.has(key)) return undefined;
  const time = parseGoTime(value);
  return time === undefined ? value : (time ?? zeroTimeMs);
}
