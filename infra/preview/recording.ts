import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Datapoint } from '../../lambdas/ports.ts';
import { minutes } from '../../lambdas/durations.ts';
import type { Look } from './looks.ts';

/** What a run of all checks on a real cluster published, look by look. */
export type Recording = {
  /** The version of nats-server. */
  readonly version: string;
  readonly takenAt: string;
  /** As a person writes them. */
  readonly settings: object;
  /** Between two looks. */
  readonly seconds: number;
  /** Of each series its value at each look, null where it had none. */
  readonly series: readonly (Pick<Datapoint, 'series' | 'labels' | 'unit'> & {
    readonly values: readonly (number | null)[];
  })[];
};

const place = path.resolve(import.meta.dirname, '../../test/recorded/dashboard.json');

export const recordedRun = (): Recording => JSON.parse(readFileSync(place, 'utf8')) as Recording;

/** The looks of a recording, each in a minute of its own, as a deployment has them. */
export function looksOf({ takenAt, series }: Recording): readonly Look[] {
  const count = Math.max(...series.map(({ values }) => values.length));
  const start = Math.floor(Date.parse(takenAt) / minutes(1)) * minutes(1);
  return Array.from({ length: count }, (_, i) => {
    const at = start + minutes(i);
    return {
      at,
      datapoints: series.flatMap(({ values, ...of }): Datapoint[] => {
        const value = values[i] ?? null;
        return value === null ? [] : [{ ...of, value, at: new Date(at).toISOString() }];
      }),
    };
  });
}

/** The same looks as a recording keeps them: what several checks publish of one series stands as often. */
export function seriesOf(looks: readonly Look[]): Recording['series'] {
  type Kept = {
    readonly of: Omit<Recording['series'][number], 'values'>;
    readonly values: (number | null)[];
  };
  const found = new Map<string, Kept>();
  for (const [i, { datapoints }] of looks.entries())
    for (const [key, points] of Map.groupBy(datapoints, keyOf))
      for (const [copy, { series, labels, unit, value }] of points.entries()) {
        const known = found.get(`${key} ${copy}`) ?? {
          of: { series, labels, unit },
          values: looks.map(() => null),
        };
        known.values[i] = Number(value.toPrecision(6));
        found.set(`${key} ${copy}`, known);
      }
  return [...found.values()].map(({ of, values }) => ({ ...of, values }));
}

const keyOf = ({ series, labels }: Datapoint): string => JSON.stringify([series, labels]);
