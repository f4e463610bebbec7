import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-005-peers-missing.ts';
import { failing, server, watching } from '../../kit.ts';
import { member, unclustered } from './members.ts';

const whole = [member('n1', 2), member('n2', 2), member('n3', 2)];
/** n1 on one side, the others on the other. */
const split = [member('n1', 0), member('n2', 1), member('n3', 1)];
const watched = () => watching(diagnosis, { remembers: true });

describe('CLUSTER_005, servers without routes to each other', () => {
  it('is ok while each reaches all others', () => {
    expect(watching(diagnosis).look(whole)).toMatchObject({
      outcomes: { cluster: 'ok' },
      seen: { cluster: 'no route is missing' },
      findings: [],
    });
  });

  it('is one warning for the whole cluster, once it held for three minutes', () => {
    const watch = watched();
    const looks = [whole, split, split, split, split].map((each) => watch.look(each));
    expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual(['ok', 'ok', 'ok', 'ok', 'warning']);
    expect(looks[4]?.findings).toMatchObject([
      {
        entity: { kind: 'cluster', name: 'east' },
        summary:
          'In cluster east 3 servers of 3 watched lack routes to others: ' +
          'n1 reaches 0 of 2 others, n2 reaches 1 of 2 others, n3 reaches 1 of 2 others.',
        alarm: null,
      },
    ]);
  });

  it.each([
    [2, 'ok', undefined],
    [1, 'warning', 'In cluster east 1 server of 3 watched lacks routes to others: n1 reaches 1 of 2 others.'],
  ])('is by the peers that a server reaches: with %i of 2 it is %s', (peers, outcome, summary) => {
    const look = watching(diagnosis).look([member('n1', peers), member('n2', 2), member('n3', 2)]);
    expect([look.outcomes, look.findings[0]?.summary]).toEqual([{ cluster: outcome }, summary]);
  });

  it('names who lacks a route to whom, as /routez says', () => {
    const [finding] = watching(diagnosis, {
      details: (requests) => {
        expect(requests.map(({ target, endpoint }) => [target.name, endpoint])).toEqual([
          ['n1', 'routez'],
          ['n2', 'routez'],
          ['n3', 'routez'],
        ]);
        return {
          routez: [
            { server_id: 'ID-n1', routes: [] },
            { server_id: 'ID-n2', routes: [{ remote_id: 'ID-n3' }, { remote_id: 'ID-n3' }] },
          ],
        };
      },
    }).look(split).findings;
    expect(finding?.evidence.slice(0, 2)).toEqual(['n1 has no route to n2, n3', 'n2 has no route to n1']);
  });

  it('is silent in a rolling restart, whose routes are back within a run', () => {
    const dip = (name: string) =>
      whole.map((each) => (each.target.name === name ? member(name, 0) : member(each.target.name, 1)));
    const watch = watched();
    const looks = [whole, dip('n1'), whole, whole, dip('n2'), whole, whole, dip('n3'), whole, whole];
    expect(looks.flatMap((each) => watch.look(each).notices)).toEqual([]);
  });

  it('is told of a route that comes and goes with each look', () => {
    const watch = watched();
    const looks = [split, whole, split, whole, split].map((each) => watch.look(each).outcomes['cluster']);
    expect(looks).toEqual(['ok', 'ok', 'ok', 'warning', 'warning']);
  });

  it('leaves a watched server that is down to SERVER_101: unknown here, and nobody is told', () => {
    const watch = watched();
    const down = server('n3', { varz: failing('unreachable') });
    const looks = Array.from({ length: 6 }, () => watch.look([member('n1', 1), member('n2', 1), down]));
    expect(looks.map(({ outcomes, findings }) => [outcomes['cluster'], findings.length])).toEqual(
      looks.map(() => ['unknown', 0]),
    );
    const back = watch.look(whole);
    expect([back.outcomes, back.findings]).toEqual([{ cluster: 'ok' }, []]);
  });

  it('is reported beside a server that is down', () => {
    const down = server('n3', { varz: failing('unreachable') });
    const look = watching(diagnosis).look([member('n1', 0), member('n2', 0), down]);
    expect(look.findings.map(({ severity }) => severity)).toEqual(['warning']);
  });

  it('takes more peers than are watched for enough: NatsHighRoutesCount tells of these', () => {
    expect(watching(diagnosis).look([member('n1', 4), member('n2', 4)]).outcomes).toEqual({ cluster: 'ok' });
  });

  it('counts a server under two URLs once', () => {
    const twice = [
      member('n1', 1),
      member('n2', 1),
      member('other-url', 1, { server_id: 'ID-n2', server_name: 'n2' }),
    ];
    expect(watching(diagnosis).look(twice).outcomes).toEqual({ cluster: 'ok' });
  });

  it('leaves two servers of one name to CLUSTER_102', () => {
    const copies = [member('n1', 0), member('n2', 0, { server_name: 'n1' })];
    expect(watching(diagnosis).look(copies).findings).toEqual([]);
  });

  it.each([
    ['one server', [member('n1', 0)]],
    ['servers without cluster', [unclustered('n1'), unclustered('n2')]],
    ['leaf servers of one name on 2.10', [unclustered('leaf', 'edge'), unclustered('leaf2', 'edge')]],
    [
      'servers of different clusters',
      [member('n1', 0), member('n2', 0, { cluster: { name: 'west', cluster_port: 6_222 } })],
    ],
  ])('does not apply to %s', (_, servers) => {
    expect(watching(diagnosis).look(servers).outcomes).toEqual({ cluster: 'not-applicable' });
  });

  it('is unknown, not out of question, where the only other server cannot be read', () => {
    const down = server('n2', { varz: failing('timeout') });
    expect(watching(diagnosis).look([member('n1', 0), down]).outcomes).toEqual({ cluster: 'unknown' });
  });
});
