import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-115-link-congested.ts';
import { failing, server, watching } from '../../kit.ts';
import { gateway, linked, mesh, route, toldOnceWell } from '../../links-kit.ts';

const MiB = 1_024 ** 2;
/** n1 and n2, before whose route to n3 so much waits. */
const waiting = (pending_size: number) => [
  linked('n1', { routes: [route('n2'), route('n3', { pending_size })] }),
  linked('n2', { routes: [route('n1'), route('n3'), route('n3', { pending_size })] }),
];

describe('CLUSTER_115, messages that pile up before a route or gateway', () => {
  it.each([
    [8 * MiB, 'ok'],
    [8 * MiB + 1, 'warning'],
  ])('%d bytes are %s', (bytes, outcome) => {
    expect(watching(diagnosis).look(waiting(bytes)).outcomes).toEqual({ cluster: outcome });
  });

  it('is one finding for the server before which others wait, after three looks in a row, and ends', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = [20, 20, 20].map((size) => watch.look(waiting(size * MiB)));
    expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual(['ok', 'ok', 'warning']);
    expect(looks[2]?.findings).toMatchObject([
      {
        entity: { kind: 'connections', name: 'routes of n3' },
        summary:
          'Up to 20 MiB wait to be sent over 2 routes of n3, limit 8 MiB: n1 to n3: 20 MiB, n2 to n3: 20 MiB.',
      },
    ]);
    expect(toldOnceWell(watch, waiting(0))).toEqual(['resolved']);
  });

  it('is no finding for a burst that is gone in the next look', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = [20, 0, 20, 20, 0].map((size) => watch.look(waiting(size * MiB)).notices);
    expect(looks.flat()).toEqual([]);
  });

  it('tells of gateways to a cluster apart from routes', () => {
    const outbound = { west: gateway({ pending_bytes: 9 * MiB }) };
    const look = watching(diagnosis).look(mesh(['n1', 'n2'], { outbound }));
    expect(look.findings.map(({ entity, evidence }) => [entity.name, ...evidence])).toEqual([
      ['gateways to cluster west', 'n1 to cluster west: 9 MiB', 'n2 to cluster west: 9 MiB'],
    ]);
  });

  it('tells of what waits before a server that does not answer, and does not apply to one alone', () => {
    const look = watching(diagnosis).look([...waiting(9 * MiB), server('n3', { varz: failing() })]);
    const alone = watching(diagnosis).look([linked('n1')]);
    expect([look.outcomes, alone.outcomes]).toEqual([{ cluster: 'warning' }, { cluster: 'not-applicable' }]);
  });
});
