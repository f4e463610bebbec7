import { inline } from '../lambdas/engine/format.ts';
import type { WatchSettings } from '../lambdas/settings.ts';

/** URLs that are targets of several clusters: each is watched by itself, so that no run sees that they lead to one server. */
export function sharedUrls({ clusters }: Pick<WatchSettings, 'clusters'>): readonly string[] {
  const places = clusters.flatMap((cluster) => [
    ...cluster.targets.map(({ name, url }) => ({ url, place: `${name} of ${cluster.name}` })),
    ...cluster.dnsTargets.map(({ dns, port }) => ({ url: `${dns}:${port}`, place: cluster.name })),
  ]);
  return [...Map.groupBy(places, ({ url }) => url)].flatMap(([url, some]) =>
    some.length === 1
      ? []
      : [
          `${url} is a target of several clusters, ${inline(some.map(({ place }) => place))}: that server is reported ` +
            'in each, and another one may be watched in none',
        ],
  );
}
