import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-116-interest-lost.ts';
import { watching } from '../../kit.ts';
import { gateway, linked, outcomesOf, toldOnceWell } from '../../links-kit.ts';

const know = (...subscriptions: readonly number[]) =>
  subscriptions.map((each, i) =>
    linked(`n${i + 1}`, { outbound: { west: gateway({ subscriptions: each }) } }),
  );

describe('CLUSTER_116, a gateway that has lost interest of its cluster', () => {
  it.each([
    [[100, 100, 100], 'ok'],
    [[100, 50, 100], 'ok'],
    [[100, 49, 100], 'warning'],
    [[100, 0], 'warning'],
    [[20, 9], 'warning'],
    [[19, 0], 'not-applicable'],
    [[100], 'not-applicable'],
  ])('where servers know %j subscriptions of it is %s', (subscriptions, outcome) => {
    expect(watching(diagnosis).look(know(...subscriptions)).outcomes).toEqual({ cluster: outcome });
  });

  it('holds for ten minutes, as a new gateway is told all there is in a while, and ends', () => {
    const watch = watching(diagnosis, { remembers: true });
    expect(outcomesOf(watch, know(400, 12), 11)).toEqual(['10 ok', '1 warning']);
    expect(watch.look(know(400, 12)).findings).toMatchObject([
      {
        entity: { name: 'gateways of east to west' },
        summary: 'n2 of east knows 12 subscriptions of cluster west, 97 % fewer than n1, which knows 400.',
        evidence: ['n2 knows 12 subscriptions', 'n1 knows 400 subscriptions'],
      },
    ]);
    expect(toldOnceWell(watch, know(400, 400))).toEqual(['resolved']);
  });

  it('does not apply without gateways', () => {
    expect(watching(diagnosis).look([linked('n1', { gateways: false })]).outcomes).toEqual({
      cluster: 'not-applicable',
    });
  });
});
