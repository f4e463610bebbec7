import type { Target } from '../../define.ts';
import type { Routez, Varz } from '../../readings/endpoints.ts';

/** A server that answered, or that one which did has a route to. */
export type ShownServer = {
  readonly id: string;
  /** Null where nothing shows it: routes do from nats-server 2.9.16 on. */
  readonly name: string | null;
  /** Targets that show it. */
  readonly seenBy: readonly string[];
};

type Linked = {
  readonly target: Target;
  readonly varz: Pick<Varz, 'server_id' | 'server_name'>;
  readonly routez: Pick<Routez, 'routes'>;
};

/** Every server that watched ones show, each once. */
export function shownServers(servers: readonly Linked[]): readonly ShownServer[] {
  const all = servers.flatMap(({ target, varz, routez: { routes } }) => [
    { id: varz.server_id, name: varz.server_name ?? varz.server_id, by: target.name },
    ...routes.map(({ remote_id: id, remote_name: name }) => ({ id, name, by: target.name })),
  ]);
  return [...Map.groupBy(all, ({ id }) => id)].map(([id, own]) => ({
    id,
    name: own.find(({ name }) => name !== undefined)?.name ?? null,
    seenBy: [...new Set(own.map(({ by }) => by))],
  }));
}
