import { describe, expect, it } from 'vitest';
import { atLeast, defineDiagnosis, from, measured, minutes } from '../../lambdas/define.ts';
import { means } from '../../lambdas/engine/asset-patterns.ts';
import { judge } from '../../lambdas/engine/judgement/judge.ts';
import { limitBook, type AssetLimits } from '../../lambdas/engine/limit-book.ts';
import { clusterFacts, server } from '../kit.ts';

const names = { account: 'ABC', accountName: 'APP', stream: 'ORDERS' };
const worker = { ...names, consumer: 'worker-1' };

describe('a pattern of settings', () => {
  it.each([
    [{ stream: 'ORDERS' }, true],
    [{ stream: 'ORD*' }, true],
    [{ stream: '*RD*S' }, true],
    [{ stream: '*' }, true],
    [{ stream: 'ORDER' }, false],
    [{ stream: 'ORDERS*ORDERS' }, false],
    [{ account: 'APP', stream: '*' }, true],
    [{ account: 'ABC', stream: '*' }, true],
    [{ account: 'OTHER', stream: '*' }, false],
    [{ stream: '*', consumer: '*' }, false],
  ])('%j means the stream ORDERS of APP: %j', (pattern, isMeant) => {
    expect(means(pattern, names)).toBe(isMeant);
  });

  it.each([
    [{ stream: 'ORDERS' }, true],
    [{ stream: 'ORDERS', consumer: 'worker-*' }, true],
    [{ stream: 'ORDERS', consumer: 'batch' }, false],
  ])('%j means its consumer worker-1: %j', (pattern, isMeant) => {
    expect(means(pattern, worker)).toBe(isMeant);
  });
});

const full = defineDiagnosis({
  id: 'JETSTREAM_900',
  title: 'Full',
  scope: 'server',
  reads: { varz: from() },
  history: {},
  limits: { used: atLeast({ warning: 0.8 }, { unit: 'ratio', of: 'room in use' }) },
  for: minutes(0),
  why: 'It is full.',
  remedy: 'Make room.',
  evaluate: () =>
    measured(
      '',
      ['ORDERS', 'TMP_1'].map((stream) => ({
        limit: 'used' as const,
        entity: { kind: 'stream' as const, name: stream, asset: { ...names, stream } },
        value: 0.85,
        data: null,
      })),
    ),
  describe: () => ({ summary: '', evidence: [], commands: { nats: '', curl: '' } }),
});

const breached = (ofAssets: readonly AssetLimits[]) => {
  const { book } = limitBook([full], {}, ofAssets);
  const about = { facts: clusterFacts, book, at: 0, firstRun: false, failures: () => [], history: {} };
  const { judgements } = judge(full, { at: 0, servers: [server('n1')] }, about);
  return judgements.flatMap(({ breaches }) =>
    breaches.map(({ measurement, levels }) => `${measurement.entity.name} ${levels[0]?.severity ?? ''}`),
  );
};

describe('limits of some streams', () => {
  it('hold for those that the first fitting pattern means, all others have the usual ones', () => {
    expect(breached([])).toEqual(['ORDERS warning', 'TMP_1 warning']);
    expect(breached([{ stream: 'TMP_*', limits: { JETSTREAM_900: { used: { warning: 'off' } } } }])).toEqual([
      'ORDERS warning',
    ]);
    expect(
      breached([
        { stream: 'TMP_*', limits: { JETSTREAM_900: { used: { warning: 0.1, critical: 0.5 } } } },
        { stream: '*', limits: { JETSTREAM_900: { used: { warning: 'off' } } } },
      ]),
    ).toEqual(['TMP_1 critical']);
  });

  it('that do not fit the catalogue are told with their place', () => {
    const { assetProblems } = limitBook([full], {}, [
      {
        stream: '*',
        limits: { JETSTREAM_900: { for: minutes(1), used: { warning: 80, over: minutes(1) } }, NO_1: {} },
      },
    ]);
    expect(assetProblems.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
      '0.limits.NO_1: no such diagnosis; there are JETSTREAM_900',
      '0.limits.JETSTREAM_900.used.warning: expected a ratio from 0 to 1, for 80 % write 0.8',
      '0.limits.JETSTREAM_900.for: is the same for all: set it under the top-level limits',
      '0.limits.JETSTREAM_900.used.over: is the same for all: set it under the top-level limits',
    ]);
  });
});
