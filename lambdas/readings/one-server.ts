import type { Reading, Target } from './reading.ts';
import type { Answerer, Varz } from './endpoints.ts';
import type { Beside, Process, Sighting } from './servers.ts';

/** A reply of another server than the one whose replies are taken is asked for again so often. */
const mostAttempts = 4;

/** How one reply is read. */
type Asked<T> = {
  readonly path: string;
  readonly read: (attempt: number) => Promise<Reading<T>>;
  /** Who says so; null where the reply does not tell. */
  readonly answererOf: (reply: T) => Beside | null;
};

/**
 * Replies of one server: what another one answers at the same URL is asked for again, and else not taken. It is the one that
 * answered `/varz`, or where that failed the first that tells who it is.
 */
export type OneServer = {
  readonly varz: Promise<Reading<Varz>>;
  readonly take: <T>(asked: Asked<T>) => Promise<Reading<T>>;
  /** Who answered; for after the last `take`. */
  readonly sighting: () => Promise<Sighting>;
};

/** @param readOther another reply, asked for at the same moment over another connection, to meet who else answers */
export function oneServer(
  target: Target,
  readVarz: (attempt: number) => Promise<Reading<Varz>>,
  readOther: (() => Promise<Reading<Answerer>>) | null = null,
): OneServer {
  const varz = readVarz(0);
  const other = readOther?.() ?? null;
  const beside = new Map<string, Beside>();
  let instead: { readonly path: string; readonly server: Beside } | null = null;
  const chosen = async (path: string, answerer: Beside) => {
    const answered = await varz;
    if (answered.ok) return { path: '/varz', id: answered.value.server_id };
    instead ??= { path, server: answerer };
    return { path: instead.path, id: instead.server.id };
  };
  return {
    varz,
    take: (asked) =>
      replyOf(target, asked, {
        expected: (answerer) => chosen(asked.path, answerer),
        met: (other) => void beside.set(other.id, other),
      }),
    async sighting() {
      const [first, told] = [await varz, await other];
      if (first.ok && told?.ok === true && told.value.server_id !== first.value.server_id)
        beside.set(told.value.server_id, { id: told.value.server_id, now: told.value.now });
      const isUntold = first.ok && told?.ok === false;
      const answers = [first, ...(beside.size > 0 || isUntold ? [await readVarz(1)] : [])];
      const processes = answers.flatMap((each) => (each.ok ? [processOf(each.value)] : []));
      const last = processes.at(-1);
      // Whoever answered before and after another did not give way to it.
      const others = processes.length < 2 ? [] : [...beside.values()].filter(({ id }) => id !== last?.id);
      return { target: target.name, processes, beside: others, instead: instead?.server ?? null };
    },
  };
}

/** Who is to answer: the server that gave the reply to that path. */
type Expected = { readonly path: string; readonly id: string };

/** A reply of the server that is expected; what another one answers is asked for again, and else not taken. */
export async function replyOf<T>(
  target: Target,
  { path, read, answererOf }: Asked<T>,
  {
    expected,
    met = () => {},
  }: {
    readonly expected: (answerer: Beside) => Expected | Promise<Expected>;
    readonly met?: (other: Beside) => void;
  },
): Promise<Reading<T>> {
  for (let attempt = 0; ; attempt += 1) {
    const reading = await read(attempt);
    const answerer = reading.ok ? answererOf(reading.value) : null;
    if (answerer === null) return reading;
    const first = await expected(answerer);
    if (answerer.id === first.id) return reading;
    met(answerer);
    if (attempt < mostAttempts) continue;
    const message =
      `${target.name} ${path}: answered by server ${answerer.id}, while ${first.path} was answered by ` +
      `${first.id}: it restarted, or the URL leads to several servers`;
    return { ok: false, failure: { code: 'another-server', message } };
  }
}

export const processOf = ({ server_id: id, server_name: name, start, now, uptime }: Varz): Process => ({
  id,
  name: name ?? null,
  start,
  now,
  uptimeSeconds: uptime,
});
