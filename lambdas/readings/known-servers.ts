/** A server as memory knows it: one process, and after a restart the next. */
export type KnownServer = {
  /** Under which its histories are kept. */
  readonly slot: string;
  readonly id: string;
  readonly name: string | null;
  /** Null for one that never answered `/varz`. */
  readonly start: number | null;
  /** When it last answered, by its own clock and by ours, epoch ms. */
  readonly now: number;
  readonly seenAt: number;
  /** Its processes before, the latest first. */
  readonly former: readonly string[];
  /** Targets at whose URLs it answered, and when last, by our clock. */
  readonly targets: Readonly<Record<string, number>>;
};

/** Known servers in the order in which they became known, each found at once by what tells of it. */
export type KnownServers = {
  readonly all: () => readonly KnownServer[];
  readonly byId: (id: string) => KnownServer | null;
  readonly bySlot: (slot: string) => KnownServer | null;
  /** Of which this was a process before. */
  readonly ofFormer: (id: string) => readonly KnownServer[];
  /** Who ever answered at a target's URL. */
  readonly at: (target: string) => readonly KnownServer[];
  /** Puts a server in the place of another, or behind all. */
  readonly put: (server: KnownServer, place: KnownServer | null) => void;
};

export function knownServers(before: readonly KnownServer[]): KnownServers {
  const servers: KnownServer[] = [];
  const places = new Map<KnownServer, number>();
  const ids = new Map<string, Set<number>>();
  const slots = new Map<string, Set<number>>();
  const formers = new Map<string, Set<number>>();
  const targets = new Map<string, Set<number>>();

  const index = (server: KnownServer, change: (index: Map<string, Set<number>>, key: string) => void) => {
    change(ids, server.id);
    change(slots, server.slot);
    for (const id of server.former) change(formers, id);
    for (const target of Object.keys(server.targets)) change(targets, target);
  };
  const put = (server: KnownServer, place: KnownServer | null): void => {
    const at = (place === null ? undefined : places.get(place)) ?? servers.length;
    if (place !== null) {
      index(place, (by, key) => by.get(key)?.delete(at));
      places.delete(place);
    }
    servers[at] = server;
    places.set(server, at);
    index(server, (by, key) => by.set(key, (by.get(key) ?? new Set()).add(at)));
  };
  const found = (by: ReadonlyMap<string, ReadonlySet<number>>, key: string): readonly KnownServer[] =>
    [...(by.get(key) ?? [])].sort((a, b) => a - b).flatMap((at) => servers[at] ?? []);
  for (const server of before) put(server, null);
  return {
    all: () => servers,
    byId: (id) => found(ids, id)[0] ?? null,
    bySlot: (slot) => found(slots, slot)[0] ?? null,
    ofFormer: (id) => found(formers, id),
    at: (target) => found(targets, target),
    put,
  };
}
