import type { SettingsProblem, WatchSettings } from '../../lambdas/settings.ts';
import { placesOfTargets } from './servers.ts';

type Clusters = Pick<WatchSettings, 'clusters'>;

/** Hosts under `.example` (RFC 2606) exist nowhere. */
const isNowhere = (host: string): boolean => /(^|\.)example\.?$/i.test(host);

type Placed = { readonly host: string; readonly path: readonly (string | number)[] };

const hostsOf = ({ clusters }: Clusters): readonly Placed[] =>
  clusters.flatMap((cluster, i) => {
    const places = placesOfTargets(cluster);
    const pathOf = (place: number, key: string) => ['clusters', i, 'targets', place, key];
    return [
      ...cluster.targets.map(({ url }, j) => ({
        host: new URL(url).hostname,
        path: pathOf(places[j] ?? j, 'url'),
      })),
      ...cluster.dnsTargets.map(({ dns, place }) => ({ host: dns, path: pathOf(place, 'dns') })),
    ];
  });

/** Whether settings are still those of the fresh checkout. */
export const isExample = (settings: Clusters): boolean =>
  hostsOf(settings).every(({ host }) => isNowhere(host));

/** Servers of the example that are left in settings. */
export const exampleHosts = (settings: Clusters): readonly SettingsProblem[] =>
  hostsOf(settings)
    .filter(({ host }) => isNowhere(host))
    .map(({ host, path }) => ({
      path,
      message: `${host} is of the example and exists nowhere: put the address of a server of yours`,
    }));
