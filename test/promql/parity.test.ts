import { expect, it } from 'vitest';
import { disagreements, generatedParity } from './parity.ts';
import { scenes } from './scenes.ts';
import { answers } from './promtool.ts';
import { ourAnswers } from './ours.ts';
import { differences } from './compare.ts';

it.each([3, 2] as const)(
  'what rules on NATS ask is answered as Prometheus %s answers it, minute by minute',
  async (major) => {
    expect(await disagreements(major, scenes)).toEqual([]);
  },
);

it('whatever is asked of whatever series, the answer is that of Prometheus 3', async () => {
  const { samples, errors } = await generatedParity(3, { seed: 20_250, numRuns: 500 });
  expect([samples > 4000, errors > 20]).toEqual([true, true]);
});

it('whatever is asked of whatever series, the answer of edition 2 is that of Prometheus 2', async () => {
  const { samples, errors } = await generatedParity(2, { seed: 242, numRuns: 250 });
  expect([samples > 2000, errors > 10]).toEqual([true, true]);
});

it('the comparison notices an edition: Prometheus 3 leaves out the sample at the start of a window', async () => {
  const scene = {
    stepSeconds: 60,
    series: [{ series: 'm', values: '0+1x9' }],
    questions: [{ text: 'count_over_time(m[5m])', atMs: 300_000 }],
  };
  const [theirs] = (await answers(3, [scene])).flat();
  const [editionTwo] = ourAnswers(scene, 2);
  expect(theirs && editionTwo && differences(theirs, editionTwo)).toBe('{} 5 is not {} 6');
});
