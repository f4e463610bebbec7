import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-111-route-dead.ts';
import type { RouteRow } from '../../../lambdas/readings/decoders/routez.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { failing, firstMinute, server, watching } from '../../kit.ts';
import { linked, route } from '../../links-kit.ts';

/** A minute in which n1 to n3 send each other messages, but for what comes from those that are silent. */
function minute(n: number, silent: readonly string[] = [], changes: Partial<RouteRow> = {}) {
  const names = ['n1', 'n2', 'n3'];
  return names.map((name) =>
    linked(name, {
      varz: { now: firstMinute + minutes(n - 1) },
      routes: names
        .filter((other) => other !== name)
        .flatMap((other) => {
          const isQuiet = silent.includes(other) || silent.includes(name);
          // Of a pool only the system account's route has something to carry.
          return [
            route(other, { in_msgs: 0, out_msgs: 0 }),
            route(other, {
              account: 'SYS',
              in_msgs: isQuiet ? 6 : 6 * n,
              out_msgs: 6 * n,
              ...(isQuiet ? changes : {}),
            }),
          ];
        }),
    }),
  );
}

const watched = () => watching(diagnosis, { remembers: true });

describe('CLUSTER_111, a route that is open and over which nothing comes', () => {
  it('is critical after three minutes without a message, while both servers answer, and ends', () => {
    const watch = watched();
    const looks = [1, 2, 3, 4].map((n) => watch.look(minute(n, ['n3'])));
    expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual(['ok', 'ok', 'ok', 'critical']);
    expect(looks[3]?.findings).toMatchObject([
      {
        entity: { kind: 'connections', name: 'routes of n3' },
        summary:
          'Routes of n3 are open, and nothing has come over them for 3 min: n1 from n3, n2 from n3, n3 from n1 and 1 more.',
        evidence: [
          'n1 from n3: 6 messages, no other since 2026-11-20 10:00 UTC; 24 sent; 2 routes, open since 2026-11-20 08:00 UTC',
          ...['n2 from n3', 'n3 from n1', 'n3 from n2'].map((row) => expect.stringContaining(row) as string),
        ],
      },
    ]);
    const well = [minute(5), minute(6), minute(11)].map((each, i) =>
      watch.look(each, minutes(i < 2 ? 1 : 5)),
    );
    expect(well.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['resolved']);
  });

  it('is silent where messages come, a route of the pool for each account may be idle', () => {
    const watch = watched();
    const looks = [1, 2, 3, 4, 5, 6].map((n) => watch.look(minute(n)).outcomes['cluster']);
    expect(new Set(looks)).toEqual(new Set(['ok']));
  });

  it('begins anew where the route is opened anew: that is what servers do themselves', () => {
    const watch = watched();
    const looks = [1, 2, 3, 4, 5].map((n) => watch.look(minute(n, ['n3'], { start: n })).findings);
    expect(looks.flat()).toEqual([]);
  });

  it('leaves a watched server that does not answer to SERVER_101, whatever settings call it', () => {
    const watch = watched();
    const down = server('n3', { varz: failing('timeout') });
    const looks = [1, 2, 3, 4, 5].map((n) => {
      const [n1, n2] = minute(n, n === 1 ? [] : ['n3']);
      return watch.look(n1 === undefined || n2 === undefined || n === 1 ? minute(1) : [n1, n2, down]);
    });
    expect(looks.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('tells of a server that nobody watches', () => {
    const watch = watched();
    const looks = [1, 2, 3, 4].map((n) => watch.look(minute(n, ['n3']).slice(0, 2)));
    expect(looks.at(-1)?.findings.map(({ entity }) => entity.name)).toEqual(['routes of n3']);
  });

  it('says nothing of servers without a system account, which have nothing to send when nobody publishes', () => {
    const watch = watched();
    const quiet = ['n1', 'n2'].map((name) =>
      linked(name, { peers: name === 'n1' ? ['n2'] : ['n1'], varz: { system_account: undefined } }),
    );
    const looks = Array.from({ length: 6 }, () => watch.look(quiet).findings);
    expect(looks.flat()).toEqual([]);
  });

  it('does not apply to a server alone', () => {
    expect(watching(diagnosis).look([linked('n1', { varz: { cluster: {} } })]).outcomes).toEqual({
      cluster: 'not-applicable',
    });
  });
});
