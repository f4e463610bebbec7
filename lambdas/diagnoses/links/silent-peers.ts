import type { Known, Target } from '../../define.ts';
import type { Varz } from '../../readings/endpoints.ts';

type Ids = (update: (before: ReadonlyMap<string, Known>) => ReadonlyMap<string, string>) => {
  readonly before: ReadonlyMap<string, Known>;
};

/**
 * Ids of watched servers that do not answer, of which SERVER_101 tells.
 * @param ids a history, which is recorded
 */
export function silentPeers(
  servers: readonly { readonly target: Target; readonly varz: Varz }[],
  unread: readonly { readonly target: Target }[],
  ids: Ids,
): ReadonlySet<string> {
  const { before } = ids(() => new Map(servers.map(({ target, varz }) => [target.name, varz.server_id])));
  return new Set(unread.flatMap(({ target }) => before.get(target.name)?.value ?? []));
}
