declare const duration: unique symbol;

/** A span of time in milliseconds, made only by the functions below, so that no bare number passes for one. */
export type Duration = number & { readonly [duration]: true };

export const seconds = (n: number): Duration => (n * 1_000) as Duration;
export const minutes = (n: number): Duration => seconds(n * 60);
export const hours = (n: number): Duration => minutes(n * 60);
export const days = (n: number): Duration => hours(n * 24);

const unitsInSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Reads Prometheus' notation (`30s`, `5m`, `1h30m`, `1d`) as settings and rules write it; null if it is none. */
export function parseDuration(text: string): Duration | null {
  if (!/^(\d+d)?(\d+h)?(\d+m)?(\d+s)?$/.test(text) || text === '') return null;
  const parts = text.matchAll(/(\d+)([smhd])/g);
  const total = [...parts].reduce((sum, [, n, unit]) => sum + Number(n) * unitsInSeconds[unit as 's'], 0);
  return seconds(total);
}

/** `250 ms`, `45 s`, `10 min`, `1 h`, `2 h 5 min`, `3 d`: the two largest units, rounded down. */
export function formatDuration(span: number): string {
  if (span > 0 && span < 1_000) return `${Math.ceil(span)} ms`;
  const total = Math.max(0, Math.floor(span / 1_000));
  const parts: [number, string][] = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3_600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'min'],
    [total % 60, 's'],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ');
}
