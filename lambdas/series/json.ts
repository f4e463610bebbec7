import { parseGoDuration, parseGoTime } from '../readings/decoders/go-values.ts';
import type { SeriesUnit } from './definition.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Go's zero time, which stands for "never", in epoch milliseconds. */
export const zeroTimeMs = -62_135_596_800_000;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field at a path of keys. */
export function fieldAt(json: unknown, path: readonly string[]): unknown {
  let value = json;
  for (const key of path) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** A field's text, `''` where it is none: Prometheus takes an empty label for none. */
export function textAt(json: unknown, ...path: readonly string[]): string {
  const value = fieldAt(json, path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/**
 * A field as a sample's value: numbers as they are, booleans as 0 or 1, times and durations in the series' unit, cut
 * off below it as the exporter does. Undefined where there is none, or one that does not parse.
 */
export function numberOf(value: unknown, unit: SeriesUnit | null): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string') return undefined;
  if (unit === 'epoch milliseconds' || unit === 'epoch seconds') {
    const time = parseGoTime(value);
    if (time === undefined) return undefined;
    const timeMs = time ?? zeroTimeMs;
    return unit === 'epoch seconds' ? Math.floor(timeMs / 1_000) : timeMs;
  }
  const seconds = parseGoDuration(value);
  if (seconds === undefined) return undefined;
  if (unit === 'seconds') return seconds;
  // By whole nanoseconds, so that 123 µs do not become 122.
  const nanoseconds = Math.round(seconds * 1e9);
  if (unit === 'milliseconds') return Math.trunc(nanoseconds / 1e6);
  return unit === 'microseconds' ? Math.trunc(nanoseconds / 1e3) : undefined;
}
