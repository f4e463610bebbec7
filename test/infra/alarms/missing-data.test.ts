import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateOfPoints, type Point } from '../../../infra/cloudwatch/missing-data.ts';
import { unpublished } from '../../../infra/cloudwatch/unpublished.ts';
import { cells, pointsOf, published } from './published-tables.ts';

const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

describe("CloudWatch's published tables", () => {
  it('are both here, with five rows and four treatments each', () => {
    expect(cells).toHaveLength(40);
  });

  it.each(cells)(
    '$id, $datapointsToAlarm of $evaluationPeriods: $row with $missing is $expected',
    ({ expected, points, ...rule }) => {
      expect(stateOfPoints(pointsOf(points), rule)).toBe(expected);
    },
  );

  it('were made with the evaluation range that is assumed here', () => {
    expect(published.tables.map(({ evaluationPeriods: n }) => unpublished.evaluationRange(n))).toEqual(
      published.tables.map(({ evaluationRange }) => evaluationRange),
    );
  });
});

describe("what CloudWatch's guide says beside its tables", () => {
  const prose = published.proseCases.flatMap(({ modes, ...one }) =>
    modes.map((missing) => ({ ...one, missing, row: one.points.join(' ') })),
  );

  it.each(prose.filter(({ expect: state }) => state !== undefined))(
    '$id: $row with $missing is $expect',
    ({ points, expect: state, ...rule }) => {
      expect(stateOfPoints(pointsOf(points), rule)).toBe(state);
    },
  );

  it.each(prose.filter(({ expectNot }) => expectNot !== undefined))(
    '$id: $row with $missing is not yet $expectNot',
    ({ points, expectNot, ...rule }) => {
      expect(stateOfPoints(pointsOf(points), rule)).not.toBe(expectNot);
    },
  );
});

describe('whatever the points', () => {
  const shape = fc
    .integer({ min: 1, max: 8 })
    .chain((n) =>
      fc.record({ evaluationPeriods: fc.constant(n), datapointsToAlarm: fc.integer({ min: 1, max: n }) }),
    );
  const withPoints = (...allowed: readonly Point[]) =>
    shape.chain((rule) => {
      const length = unpublished.evaluationRange(rule.evaluationPeriods);
      const points = fc.array(fc.constantFrom(...allowed), { minLength: length, maxLength: length });
      return fc.tuple(fc.constant(rule), points, fc.constantFrom(...treatments));
    });
  const breaching = (points: readonly Point[]) => points.filter((point) => point === 'breaching').length;

  it('with none missing, the last N decide and the treatment does not', () => {
    fc.assert(
      fc.property(withPoints('breaching', 'notBreaching'), ([rule, points, missing]) => {
        const isAlarm = breaching(points.slice(-rule.evaluationPeriods)) >= rule.datapointsToAlarm;
        expect(stateOfPoints(points, { ...rule, missing })).toBe(isAlarm ? 'ALARM' : 'OK');
      }),
    );
  });

  it('with enough of them, missing ones are as if they had never been', () => {
    fc.assert(
      fc.property(withPoints('breaching', 'notBreaching', 'missing'), ([rule, points, missing]) => {
        const real = points.filter((point) => point !== 'missing');
        fc.pre(real.length >= rule.evaluationPeriods);
        const all = { ...rule, missing };
        expect(stateOfPoints(points, all)).toBe(stateOfPoints(real, all));
      }),
    );
  });

  it('treated as not breaching, ALARM needs M that breach', () => {
    fc.assert(
      fc.property(withPoints('breaching', 'notBreaching', 'missing'), ([rule, points]) => {
        fc.pre(breaching(points) < rule.datapointsToAlarm);
        expect(stateOfPoints(points, { ...rule, missing: 'notBreaching' })).toBe('OK');
      }),
    );
  });

  it('no point that turns from good to bad clears an alarm', () => {
    fc.assert(
      fc.property(
        withPoints('breaching', 'notBreaching', 'missing'),
        fc.nat(),
        ([rule, points, missing], at) => {
          const all = { ...rule, missing };
          fc.pre(stateOfPoints(points, all) === 'ALARM');
          const worse = points.map((point, index) =>
            index === at % points.length && point === 'notBreaching' ? 'breaching' : point,
          );
          expect(stateOfPoints(worse, all)).toBe('ALARM');
        },
      ),
    );
  });

  it('one breaching point alone is premature once it is M periods old, and not before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.constantFrom('missing', 'ignore'), (n, missing) => {
        const rule = { evaluationPeriods: n, datapointsToAlarm: n, missing } as const;
        const range = unpublished.evaluationRange(n);
        const ofAge = (age: number) =>
          Array.from({ length: range }, (_, index) => (range - index === age ? 'breaching' : 'missing'));
        expect(stateOfPoints(ofAge(n - 1), rule)).toBe(unpublished.stateWhileWaiting);
        expect(stateOfPoints(ofAge(n), rule)).toBe(missing === 'missing' ? 'ALARM' : 'RETAIN');
      }),
    );
  });
});
