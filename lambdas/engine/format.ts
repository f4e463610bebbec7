import { formatDuration } from '../durations.ts';
import type { Unit } from '../limits.ts';

/** As `Intl.NumberFormat` writes English, whose data would take 13 ms of every cold start. */
function grouped(n: number, mostDecimals: number): string {
  const [whole = '', decimals = ''] = n.toFixed(mostDecimals).split('.');
  const fraction = decimals.replace(/0+$/, '');
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction && `.${fraction}`);
}

/** `12,345`, `0.83`, `0.0012`: what is not 0 does not become it. */
export function formatCount(n: number): string {
  const size = Math.abs(n);
  const isGrouped = size === 0 || (size >= 0.01 && size < 1e15);
  return isGrouped ? grouped(n, 2) : String(Number(n.toPrecision(3)));
}

/** `83 %`, `0.5 %`. */
export const formatPercent = (ratio: number): string => `${grouped(ratio * 100, 1)} %`;

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `512 B`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), byteUnits.length - 1);
  const value = bytes / 1_024 ** power;
  return `${grouped(value, power === 0 ? 0 : 1)} ${byteUnits[power] ?? 'B'}`;
}

/** A value in its unit, as sentences have it. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'count':
      return formatCount(value);
    case 'ratio':
      return formatPercent(value);
    case 'percent':
      return formatPercent(value / 100);
    case 'seconds':
      return formatDuration(value * 1_000);
    case 'bytes':
      return formatBytes(value);
    case 'perSecond':
      return `${formatCount(value)}/s`;
    case 'bytesPerSecond':
      return `${formatBytes(value)}/s`;
  }
}

/** `1 leafnode`, `2 leafnodes`, `0 leafnodes`. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${formatCount(n)} ${n === 1 ? one : many}`;

/** The first `most` of several, and how many more there are. */
export function truncateRows(rows: readonly string[], most: number): readonly string[] {
  return rows.length <= most ? rows : [...rows.slice(0, most), `and ${formatCount(rows.length - most)} more`];
}

/** `a, b, c and 4 more`. */
export function inline(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length <= most ? shown : `${shown} and ${formatCount(names.length - most)} more`;
}

/** `2026-01-31 12:05 UTC`. */
export const formatTime = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A text in lines of at most `width` characters, broken between words; a longer word has a line of its own. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    for (const word of paragraph.split(' ')) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + 1 + word.length <= width)
        lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines;
  });
}

/** `a, b or c` */
export const alternatives = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
