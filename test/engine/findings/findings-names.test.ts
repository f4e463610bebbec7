import { describe, expect, it } from 'vitest';
import { run } from '../../../lambdas/run/run.ts';
import { server, watching } from '../../kit.ts';
import { checkOf, fakeWorld, minute, watchOf } from '../fake-ports.ts';
import { client, each } from '../samples.ts';

const n1 = server('n1');
const crowd = (...names: readonly string[]) =>
  each(() => names.map((name) => ({ entity: client(name), value: 11 })));
const long = (end: string, length = 300) => `${'x'.repeat(length)}${end}`;

describe('entities whose names differ', () => {
  it.each([
    ['beyond what a reader is shown', long('a'), long('b')],
    ['in characters that cannot be printed', 'a\u0000b', 'a\u0001b'],
    ['in nothing but a separator of ours', 'a|b', 'a||b'],
    ['as names of every object do', '__proto__', 'constructor'],
  ])('%s are two findings', (_, one, other) => {
    const watch = watching(crowd(one, other));
    expect([watch.look([n1]).findings.length, watch.look([n1]).notices]).toEqual([2, []]);
  });

  it('resolve each by itself', () => {
    let names = [long('a'), long('b')];
    const watch = watching(each(() => names.map((name) => ({ entity: client(name), value: 11 }))));
    watch.look([n1]);
    names = [long('b')];
    const notices = Array.from({ length: 8 }, () => watch.look([n1]).notices).flat();
    expect(notices.map(({ kind }) => kind)).toEqual(['resolved']);
  });
});

describe('the memory of a release that cut names', () => {
  const cut = (name: string, most: number) => `${name.slice(0, most - 1)}…`;

  /** Runs with `names` on a memory whose one finding is open under the name `kept`. */
  async function upgraded(kept: string, ...names: readonly string[]) {
    const world = fakeWorld();
    const before = checkOf({ diagnoses: [crowd(kept)] });
    await run(before, watchOf(before), world.ports(), minute(0));
    const key = { check: before.id, cluster: 'c1' };
    const claimed = await world.memory.claim(key, minute(1));
    const saved = JSON.parse(claimed?.saved ?? '') as object;
    await claimed?.save(JSON.stringify({ ...saved, servers: undefined }), { datapoints: [], messages: [] });
    const after = checkOf({ diagnoses: [crowd(...names)] });
    const reported: string[] = [];
    for (let i = 2; i < 12; i += 1) {
      const report = await run(after, watchOf(after), world.ports(), minute(i));
      reported.push(...(report?.notices ?? []).map(({ kind }) => kind));
    }
    return reported;
  }

  it.each([
    ['at 200 characters', cut(long(''), 200), long('')],
    ['at 64 characters', cut(long('', 80), 64), long('', 80)],
    ['at 64 without a sign of it, behind an account', `APP/${'x'.repeat(64)}`, `APP/${'x'.repeat(80)}`],
    ['and made fit to print', 'a\ufffdb', 'a\u0000b'],
    ['where it had to', 'short', 'short'],
  ])('%s goes on: nothing is reported again', async (_, kept, name) => {
    expect(await upgraded(kept, name)).toEqual([]);
  });

  it('goes on as one of two whose names it could not tell apart; the other is new', async () => {
    expect(await upgraded(cut(long(''), 200), long('a'), long('b'))).toEqual(['opened']);
  });

  it('resolves where its entity recovered', async () => {
    expect(await upgraded(cut(long(''), 200))).toEqual(['resolved']);
  });

  it('is not taken for another that begins alike but was never cut', async () => {
    expect(await upgraded('short', 'shorter')).toEqual(['opened', 'resolved']);
  });
});
