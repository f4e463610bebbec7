import { formatFloat } from './numbers.ts';

const short = (value: number): string => formatFloat(value, 'g', 4);

const larger = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const smaller = ['', 'm', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];
const binary = ['', 'ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];

/** `1.234M`: four digits and an SI prefix. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return short(value);
  return Math.abs(value) >= 1 ? scaledDown(value, larger, 1000) : scaledUp(value);
}

/** `1.5Mi` */
export function humanize1024(value: number): string {
  return Math.abs(value) <= 1 || !Number.isFinite(value) ? short(value) : scaledDown(value, binary, 1024);
}

function scaledDown(value: number, prefixes: readonly string[], base: number): string {
  let [scaled, step] = [value, 0];
  while (Math.abs(scaled) >= base && step < prefixes.length - 1) {
    scaled /= base;
    step += 1;
  }
  return short(scaled) + (prefixes[step] ?? '');
}

function scaledUp(value: number): string {
  let [scaled, step] = [value, 0];
  while (Math.abs(scaled) < 1 && step < smaller.length - 1) {
    scaled *= 1000;
    step += 1;
  }
  return short(scaled) + (smaller[step] ?? '');
}

/** Of seconds: `2d 3h 4m 5s`, `4m 5s`, `1.5s`, `1.5ms`; null for more than 64 bits hold. */
export function humanizeDuration(value: number): string | null {
  if (!Number.isFinite(value)) return short(value);
  if (Math.abs(value) < 1) return value === 0 ? `${short(value)}s` : `${scaledUp(value)}s`;
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  if (size >= 2 ** 63) return null;
  const whole = Math.trunc(size);
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  const seconds = `${whole % 60}s`;
  if (days > 0) return `${sign}${days}d ${hours}h ${minutes}m ${seconds}`;
  if (hours > 0) return `${sign}${hours}h ${minutes}m ${seconds}`;
  if (minutes > 0) return `${sign}${minutes}m ${seconds}`;
  return `${sign}${short(size)}s`;
}

export const humanizePercentage = (value: number): string => `${short(value * 100)}%`;

/** Of seconds since 1970: `2026-01-31 12:05:00.5 +0000 UTC`; null for times that are not told here. */
export function humanizeTimestamp(value: number): string | null {
  if (!Number.isFinite(value)) return short(value);
  const date = new Date(Math.trunc(value * 1000));
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999) return null;
  const [day = '', time = ''] = date.toISOString().replace('Z', '').split('T');
  return `${day} ${time.replace(/\.?0+$/, '')} +0000 UTC`;
}
