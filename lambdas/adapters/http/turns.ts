/** Lets go of a turn. */
export type Release = () => void;

type Server = { running: number; readonly waiting: ((turn: Release | null) => void)[] };

export type TurnLimits = {
  /** How many servers are asked at the same moment. */
  readonly servers: number;
  /** How many requests a server has to answer at the same moment. */
  readonly each: number;
};

/**
 * Turns of a bounded number of requests, by server. Who comes next of those that wait is chance, so that where time runs
 * out it is not the same servers each minute; a server that had a turn has its other requests done before the next one's.
 */
export function turns({ servers: mostServers, each }: TurnLimits, random: () => number = Math.random) {
  const servers = new Map<string, Server>();
  /** Servers that had no turn yet. */
  const queue: string[] = [];
  let active = 0;
  let isOver = false;

  const start = (name: string, server: Server): void => {
    const next = server.waiting.shift();
    if (next === undefined) return;
    server.running += 1;
    let isHeld = true;
    next(() => {
      if (!isHeld) return;
      isHeld = false;
      server.running -= 1;
      if (server.waiting.length > 0) start(name, server);
      else if (server.running === 0) {
        servers.delete(name);
        active -= 1;
        admit();
      }
    });
  };
  const admit = (): void => {
    while (active < mostServers && queue.length > 0) {
      const at = Math.floor(random() * queue.length);
      const name = queue[at] ?? '';
      queue[at] = queue.at(-1) ?? '';
      queue.pop();
      const server = servers.get(name);
      if (server === undefined) continue;
      active += 1;
      for (let i = 0; i < each; i += 1) start(name, server);
    }
  };

  return {
    /** Resolves once it is this request's turn; with null where all is over before. */
    take(name: string): Promise<Release | null> {
      if (isOver) return Promise.resolve(null);
      return new Promise((resolve) => {
        const known = servers.get(name);
        const server = known ?? { running: 0, waiting: [] };
        server.waiting.push(resolve);
        if (known === undefined) {
          servers.set(name, server);
          queue.push(name);
          admit();
        } else if (known.running > 0 && known.running < each) start(name, known);
      });
    },
    /** No more turns: whoever waits, and whoever comes, gets null. */
    end(): void {
      isOver = true;
      queue.length = 0;
      for (const { waiting } of servers.values()) for (const tell of waiting.splice(0)) tell(null);
    },
  };
}
