import { minutes } from '../../durations.ts';
import type { Kept } from './kept.ts';

/** What samples may take of the 300 KB that a check remembers, gzipped; the rest is for what alerts leave. */
export const mostSampleBytes = 250_000;

/** The series of one name, as far as they can be known before there are any. */
export type Expected = {
  readonly series: number;
  readonly kept: Kept;
  /** Names of one family, as all series of consumers are, have the same label sets. */
  readonly family: string;
  /** Whether values are results of a division, as rates are: they do not compress. */
  readonly isFraction: boolean;
};

/**
 * Bytes, measured over 1,000 consumers that all change in every run: counters by up to 2^15 a minute, gauges up to
 * 10^5 and ages in milliseconds take 1.6 to 2.9 a sample beside up to 1.6 for a series' first; quotients 9.1; a label
 * set with a name of 20 random letters 17. What stays the same takes a tenth.
 */
const bytesOf = { sample: 2.9, fraction: 9.2, series: 1.6, name: 200, labelSet: 20, family: 800 } as const;

/** How many samples a series keeps between runs, one a minute. */
export const samplesKept = ({ allMs, untilMs }: Kept): number =>
  Math.ceil(allMs / minutes(1)) + (untilMs > allMs ? 1 : 0);

/** What a memory of these series takes in its item at most, gzipped; fast counters of bytes aside. */
export function estimate(names: readonly Expected[]): number {
  const families = new Map<string, number>();
  let bytes = 0;
  for (const { series, kept, family, isFraction } of names) {
    const samples = series * samplesKept(kept);
    bytes += bytesOf.name + series * bytesOf.series + samples * bytesOf[isFraction ? 'fraction' : 'sample'];
    families.set(family, Math.max(series, families.get(family) ?? 0));
  }
  for (const series of families.values()) bytes += bytesOf.family + series * bytesOf.labelSet;
  return Math.ceil(bytes);
}
