import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-001-name-with-whitespace.ts';
import { watching } from '../../kit.ts';
import { toldOnceWell } from '../../links-kit.ts';
import { hub, unnamed } from './servers.ts';

const named = (...names: readonly string[]) => hub('hub1', { leafs: names.map((name) => ({ name })) });

describe('LEAF_001, a leafnode whose name has whitespace', () => {
  it.each([
    ['leaf1', 'ok'],
    ['leaf 1', 'warning'],
    ['leaf\t1', 'warning'],
    ['leaf1\u00a0', 'warning'],
  ])('%j is %s', (name, outcome) => {
    expect(watching(diagnosis).look([named(name)]).outcomes['hub1']).toBe(outcome);
  });

  it('is one finding for all of a server, each name once, and ends', () => {
    const watch = watching(diagnosis);
    const [finding] = watch.look([named('shop 1', 'shop 2', 'shop 1', 'well')]).findings;
    expect(finding).toMatchObject({
      entity: { kind: 'connections', name: 'leafnodes of hub1' },
      summary: '2 leafnodes of hub1 have names with whitespace: "shop 1", "shop 2".',
      evidence: ['"shop 1", account APP', '"shop 2", account APP', '"shop 1", account APP'],
    });
    expect(toldOnceWell(watch, [named('shop1')])).toEqual(['resolved']);
  });

  it('does not apply to servers that tell no names', () => {
    expect(
      watching(diagnosis).look([hub('hub1', { version: '2.9.10', leafs: [unnamed()] })]).outcomes['hub1'],
    ).toBe('not-applicable');
  });
});
