import { readFileSync } from 'node:fs';
import type { AlarmSpec } from '../../../infra/cloudwatch/alarm-spec.ts';
import type { AlarmState, Point } from '../../../infra/cloudwatch/missing-data.ts';

/** AWS's published examples of missing data; the file names the pages they are from. */

type Missing = AlarmSpec['missing'];
type Letter = '0' | 'X' | '-';
type Expected = AlarmState | 'RETAIN';
type Shape = { readonly evaluationPeriods: number; readonly datapointsToAlarm: number };
type File = {
  readonly tables: readonly (Shape & {
    readonly evaluationRange: number;
    readonly cases: readonly {
      readonly id: string;
      readonly points: readonly Letter[];
      readonly expect: Readonly<Record<Missing, Expected>>;
    }[];
  })[];
  readonly proseCases: readonly (Shape & {
    readonly id: string;
    readonly points: readonly Letter[];
    readonly modes: readonly Missing[];
    readonly expect?: Expected;
    readonly expectNot?: Expected;
  })[];
  readonly followUps: readonly {
    readonly from: string;
    readonly mode: Missing;
    readonly thenPoints: readonly Letter[];
    readonly expect: Expected;
  }[];
};

const text = readFileSync(new URL('cloudwatch-missing-data.json', import.meta.url), 'utf8');
export const published = JSON.parse(text) as File;

const points = { '0': 'notBreaching', X: 'breaching', '-': 'missing' } as const;
export const pointsOf = (letters: readonly Letter[]): readonly Point[] =>
  letters.map((letter) => points[letter]);

/** Values at minutes 1, 2, … that an alarm on "above 10" sees as these points. */
export const datapointsOf = (letters: readonly Letter[]) =>
  letters.flatMap((letter, index) =>
    letter === '-' ? [] : [{ minute: index + 1, value: letter === 'X' ? 11 : 10 }],
  );

export const cells = published.tables.flatMap(({ cases, ...table }) =>
  cases.flatMap(({ expect, ...row }) =>
    (['missing', 'ignore', 'breaching', 'notBreaching'] as const).map((missing) => ({
      ...table,
      ...row,
      missing,
      row: row.points.join(' '),
      expected: expect[missing],
    })),
  ),
);
