import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf, mostServers, schedulesProblem } from '../../infra/settings/batches.ts';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from './catalogue.ts';
import { refusal, written } from './settings-file.ts';

const cluster = (name: string, servers: number) => ({
  name,
  targets: Array.from({ length: servers }, (_, i) => ({
    name: `n${i}`,
    url: `http://n${i}.${name}:8222`,
    labels: {},
  })),
  dnsTargets: [],
});
const numbered = (count: number, servers: number) =>
  Array.from({ length: count }, (_, i) => cluster(`c${i}`, servers));

/** The batch of each cluster. */
const placesOf = (clusters: readonly ReturnType<typeof cluster>[]): ReadonlyMap<string, string | null> =>
  new Map(batchesOf(clusters).flatMap(({ id, clusters: names }) => names.map((name) => [name, id] as const)));

describe('batches', () => {
  it('are one for up to 100 servers, without a name of its own, and two for one more', () => {
    expect(batchesOf(numbered(4, 25))).toEqual([
      { id: null, clusters: ['c0', 'c1', 'c2', 'c3'], servers: 100 },
    ]);
    expect(batchesOf([...numbered(4, 25), cluster('one', 1)])).toEqual([
      { id: '2', clusters: ['c0', 'c3', 'one'], servers: 51 },
      { id: '3', clusters: ['c1', 'c2'], servers: 50 },
    ]);
  });

  it('have a cluster of 100 servers among others, and one of 101 by itself', () => {
    expect(batchesOf([cluster('full', 100)])).toEqual([{ id: null, clusters: ['full'], servers: 100 }]);
    expect(batchesOf([cluster('small', 3), cluster('large', 101)])).toEqual([
      { id: null, clusters: ['small'], servers: 3 },
      { id: 'big-d35c41', clusters: ['large'], servers: 101 },
    ]);
  });
});

const fleets = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/), fc.integer({ min: 1, max: 130 })), {
    selector: ([name]) => name,
    minLength: 2,
    maxLength: 40,
  })
  .map((drawn) => drawn.map(([name, servers]) => cluster(name, servers)));

describe('whatever the fleet, batches', () => {
  it('have each cluster once and at most 100 servers, but for a larger cluster alone', () => {
    fc.assert(
      fc.property(fleets, (fleet) => {
        const batches = batchesOf(fleet);
        expect(batches.flatMap(({ clusters }) => clusters).toSorted()).toEqual(
          fleet.map(({ name }) => name).toSorted(),
        );
        expect(
          batches.filter(({ servers, clusters }) => servers > mostServers.batch && clusters.length > 1),
        ).toEqual([]);
        expect(new Set(batches.map(({ id }) => id)).size).toBe(batches.length);
      }),
    );
  });

  it('are the same in whatever order settings have the clusters', () => {
    fc.assert(
      fc.property(fleets, (fleet) => {
        expect(placesOf(fleet.toReversed())).toEqual(placesOf(fleet));
      }),
    );
  });

  it('change by one that comes or goes in its own batch alone, and who moves goes to a batch that was not there', () => {
    fc.assert(
      fc.property(fleets, ([one, ...others]) => {
        if (one === undefined) return;
        const [before, after] = [placesOf(others), placesOf([one, ...others])];
        for (const [from, to] of [
          [before, after],
          [after, before],
        ] as const) {
          const moved = others.filter(({ name }) => from.get(name) !== to.get(name)).map(({ name }) => name);
          const there = new Set(from.values());
          expect(moved.filter((name) => there.has(to.get(name) ?? null))).toEqual([]);
        }
        const left = others.map(({ name }) => name).filter((name) => before.get(name) !== after.get(name));
        expect(new Set(left.map((name) => before.get(name))).size).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('what a deployment cannot hold is refused at synth:', () => {
  const textOf = (clusters: readonly Pick<ReturnType<typeof cluster>, 'name' | 'targets'>[]) =>
    JSON.stringify({ clusters: clusters.map(({ name, targets }) => ({ name, targets })) });
  const settingsOf = (...clusters: Parameters<typeof textOf>) => written(textOf(...clusters));

  it('a cluster of 501 servers, where 500 are accepted', () => {
    expect(
      loadSettings(settingsOf([cluster('prod', 500)]), checks).settings.clusters[0]?.targets,
    ).toHaveLength(500);
    expect(refusal(textOf([cluster('edge', 1), cluster('prod', 501)]))).toBe(
      [
        'settings.yaml:',
        '  clusters[1].targets: cluster "prod" has 501 servers: expected at most 500, which a function reads within its ' +
          'minute; make clusters of its parts',
      ].join('\n'),
    );
  });

  it('so many that are expected behind DNS names, which count in batches too', () => {
    const named = (...expected: readonly number[]) =>
      JSON.stringify({
        clusters: [
          {
            name: 'prod',
            targets: expected.map((expect, i) => ({ dns: `n${i}.internal`, port: 8222, expect })),
          },
        ],
      });
    const { clusters } = loadSettings(written(named(100, 400)), checks).settings;
    expect(batchesOf(clusters).map(({ servers }) => servers)).toEqual([500]);
    expect(refusal(named(101, 400))).toContain('cluster "prod" has 501 servers: expected at most 500,');
  });

  it('more schedules than the stack has room for, or more names than its template', () => {
    expect(schedulesProblem(numbered(40, 100), 10)).toBeNull();
    expect(schedulesProblem(numbered(41, 100), 10)).toBe(
      '41 clusters make 41 batches, with 10 checks 410 schedules of 484 KB: a stack takes 400, and 900 KB; divide the ' +
        'clusters among two settings files, each with a name of its own',
    );
    expect(schedulesProblem(numbered(2_000, 1), 12)).toBeNull();
    const long = numbered(2_000, 1).map((each) => ({ ...each, name: each.name.padEnd(40, 'x') }));
    expect(schedulesProblem(long, 12)).toContain('a stack takes 400, and 900 KB');
  });
});
