import { expect, it } from 'vitest';
import { sharedUrls } from '../../infra/shared-urls.ts';
import { parseSettings, watchSettings } from '../../lambdas/settings.ts';

const reported = (...clusters: readonly (readonly [name: string, url: string][])[]) => {
  const raw = clusters.map((targets, i) => ({
    name: `c${i}`,
    targets: targets.map(([name, url]) => ({ name, url })),
  }));
  return sharedUrls(parseSettings(watchSettings, { clusters: raw }, 'settings', []).settings);
};

it('a URL of several clusters is reported once, with each of its targets, however it is written', () => {
  const east = [
    ['n0', 'http://h:8222'],
    ['n1', 'http://i:8222'],
  ] as [string, string][];
  expect(reported(east, [['n0', 'HTTP://H:8222/']], [['hub', 'http://h:8222']])).toEqual([
    'http://h:8222 is a target of several clusters, n0 of c0, n0 of c1, hub of c2: that server is reported in each, and ' +
      'another one may be watched in none',
  ]);
});

it('so is a DNS name of several clusters, but for its port', () => {
  const clusters = [8222, 8222, 8223].map((port, i) => ({
    name: `c${i}`,
    targets: [{ dns: 'nats.internal', port }],
  }));
  expect(sharedUrls(parseSettings(watchSettings, { clusters }, 'settings', []).settings)).toEqual([
    'nats.internal:8222 is a target of several clusters, c0, c1: that server is reported in each, and another one may be ' +
      'watched in none',
  ]);
});

it('nothing is told of clusters whose URLs differ, by the port alone too', () => {
  expect(reported([['n0', 'http://h:8222']], [['n0', 'http://h:8223']], [['n0', 'https://h:8222']])).toEqual(
    [],
  );
});
