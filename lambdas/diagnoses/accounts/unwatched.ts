import type { Varz } from '../../readings/endpoints.ts';
import { formatCount, plural } from '../../engine/format.ts';

type Seen = { readonly varz: Varz };

/** Servers that the watched ones know of and that are not watched: `1 of 3 servers of cluster east is not watched`; null without any. */
export function unwatched(servers: readonly Seen[]): string | null {
  const clusters = Map.groupBy(servers, ({ varz }) => varz.cluster.name ?? null);
  for (const [name, members] of clusters) {
    if (name === null) continue;
    const all = 1 + Math.max(...members.map(({ varz }) => varz.remotes));
    const others = all - members.length;
    if (others > 0)
      return `${formatCount(others)} of ${plural(all, 'server')} of cluster ${name} ${others === 1 ? 'is' : 'are'} not watched`;
  }
  const gateways = servers.flatMap(({ varz: { gateway } }) => (gateway.name === undefined ? [] : [gateway]));
  // Which clusters there are only some servers may be told: one learns of others from those.
  const named = [...new Set(gateways.flatMap(({ gateways: all = [] }) => all.map(({ name }) => name)))];
  const missing = named.find((name) => !clusters.has(name));
  if (missing !== undefined) return `cluster ${missing}, to which gateways lead, is not watched`;
  if (gateways.length > 0 && clusters.size === 1)
    return 'clusters that have gateways to this one are not watched';
  return null;
}
