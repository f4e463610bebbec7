import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-008-gateways-differ.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { watching } from '../../kit.ts';
import { linked, outcomesOf, toldOnceWell, type Linked } from '../../links-kit.ts';

const three = (...of: readonly Linked[]) => of.map((each, i) => linked(`n${i + 1}`, each));
const west: Linked = { outbound: ['west'] };
const watched = () => watching(diagnosis, { remembers: true, limits: { CLUSTER_008: { for: minutes(0) } } });

describe('CLUSTER_008, servers of a cluster with different gateways', () => {
  it.each<[string, readonly Linked[], readonly string[]]>([
    ['all have the same', [west, west, west], []],
    ['one lacks what the others have', [west, west, {}], ['n3 has none to west']],
    ['one has no gateways', [west, west, { gateways: false }], ['n3 has no gateways at all']],
    [
      'one has what the others lack',
      [west, west, { outbound: ['west', 'north'] }],
      ['n3 has one to north, and most others have not'],
    ],
    ['half have one, so that none is the majority', [west, west, {}, {}], []],
    ['two servers have no majority', [west, {}], []],
    ['one has it configured: CLUSTER_113 tells', [west, west, { configured: ['west'] }], []],
    ['none has any', [{}, {}, {}], []],
  ])('%s', (_, of, evidence) => {
    const [finding] = watched().look(three(...of)).findings;
    expect(finding?.evidence.slice(0, evidence.length) ?? []).toEqual(evidence);
  });

  it('leaves a gateway that was lost to CLUSTER_007', () => {
    const watch = watched();
    const looks = [three(west, west, west), three(west, west, {})].map((each) => watch.look(each).findings);
    expect(looks).toEqual([[], []]);
  });

  it('holds for a quarter of an hour, while a configuration is rolled out, and ends', () => {
    const watch = watching(diagnosis, { remembers: true });
    const odd = three(west, west, {});
    expect(outcomesOf(watch, odd, 16)).toEqual(['15 ok', '1 warning']);
    expect(watch.look(odd).findings.map(({ summary }) => summary)).toEqual([
      'Of 3 watched servers of cluster east, 1 has other gateways than most: n3 has none to west.',
    ]);
    expect(toldOnceWell(watch, three(west, west, west))).toEqual(['resolved']);
  });

  it('does not apply without gateways', () => {
    const none: Linked = { gateways: false };
    expect(watched().look(three(none, none, none)).outcomes).toEqual({ cluster: 'not-applicable' });
  });
});
