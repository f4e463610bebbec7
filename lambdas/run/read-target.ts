import type { AskedEndpoint, Endpoint, Readings } from '../define.ts';
import type { RingUse } from '../engine/judgement/explain.ts';
import type { ClosedSince } from '../readings/closed-ring/closed-since.ts';
import type { Cursor } from '../readings/closed-ring/cursor.ts';
import { firstPage } from '../readings/closed-ring/pages.ts';
import { closedNothing, closesOf } from '../readings/closed-ring/quiet.ts';
import { toldBefore, type Configured, type LearnedConfigs, type Shown } from '../readings/learned-configs.ts';
import { oneServer, processOf } from '../readings/one-server.ts';
import { serverOf, type KnownServers, type Sighting } from '../readings/servers.ts';
import type { TargetReadings } from '../engine/judgement/views.ts';
import type { Ports } from '../ports.ts';
import { known as ifPossible } from '../readings/decoders/impossible.ts';
import type { Reading, Target } from '../readings/reading.ts';
import {
  endpoints,
  readEndpoint,
  type Endpoint as Request,
  type Gatewayz,
  type Leafz,
  type Routez,
  type Varz,
} from '../readings/endpoints.ts';
import { failed, readClosedRing } from './read-ring.ts';
import { readClients, type Answer } from './read-clients.ts';
import { readServices } from './read-services.ts';
import type { Watch } from './watch.ts';

/** What memory knows of servers. */
export type Remembered = {
  readonly known: KnownServers;
  readonly cursors: Readonly<Record<string, Cursor>>;
  readonly configs: LearnedConfigs;
};

/** What is read without regard to what was found: neither the closed ring nor what verdicts ask for. */
export type Always = Exclude<Endpoint, 'closed' | AskedEndpoint>;

/** What is asked of a server. */
export type Asked = {
  /** In every run. */
  readonly endpoints: readonly Always[];
  /** Counts runs: lists that are read page by page have one each. */
  readonly turn: number;
  /** Null for a check that does not read the closed ring. */
  readonly ring: RingUse | null;
  /** The run's time, epoch ms. */
  readonly at: number;
  /** The last run found something. */
  readonly isFound: boolean;
};

/** Runs: so often it is asked whether another server answers, too, where one alone is known to. */
const comparedEach = 5;

type RingRead = { readonly closed: Reading<ClosedSince>; readonly cursor: Cursor | null };

/** One target as a run found it. */
export type Found = TargetReadings & {
  readonly sighting: Sighting;
  readonly cursor: Cursor | null;
  /** Reads its closed ring, of a server of which only what was found asks for it. */
  readonly readRing: () => Promise<RingRead>;
  /** Streams or consumers that it showed, of a check that reads them. */
  readonly shown: Shown | null;
  /** Reads them with their configurations. */
  readonly readConfigs: () => Promise<AssetsRead>;
};

type AssetsRead = Pick<Found, 'shown'> & { readonly readings: TargetReadings['readings'] };

/** Readings of one server: what another one answers at the same URL is asked for again, and else not taken. */
export async function readTarget(
  target: Target,
  { endpoints: asked, turn, ring, at, isFound }: Asked,
  watch: Watch,
  ports: Ports,
  { known, cursors, configs }: Remembered,
): Promise<Found> {
  const { source, now } = ports;
  // Of what is asked at the same moment `/varz` alone says who answered.
  const telling: readonly Endpoint[] = ['jsz', 'streams', 'consumers', 'accstatz', 'clients'];
  const isUntold =
    !asked.some((endpoint) => telling.includes(endpoint)) && (ring === null || ring.explainsMs !== null);
  // Who is alone at a URL is mostly still so: another one shows by the next runs, too.
  const isCompared = isUntold && (known.at(target.name).length !== 1 || turn % comparedEach === 0);
  const server = oneServer(
    target,
    (attempt) => readEndpoint(source, target, endpoints.varz, attempt),
    isCompared ? () => readEndpoint(source, target, endpoints.answerer(turn)) : null,
  );
  const { varz } = server;
  const ofOneServer = <T extends Answer>(endpoint: Request<T>) =>
    server.take({
      path: endpoint.request.path,
      read: (attempt) => readEndpoint(source, target, endpoint, attempt),
      answererOf: ({ server_id: id, now: itsNow }) =>
        id === undefined || itsNow === undefined ? null : { id, now: itsNow },
    });
  /** Asked of a server whose `/varz` says that there is something to show; of others the reply is known. */
  const whereItHas = async <T extends { readonly server_id: string; readonly now: number }>(
    has: (varz: Varz) => boolean,
    endpoint: Request<T>,
    without: (varz: Varz) => T,
  ): Promise<Reading<T>> => {
    const answered = await varz;
    if (!answered.ok) return answered;
    return has(answered.value) ? ofOneServer(endpoint) : { ok: true, value: without(answered.value) };
  };
  /** Not asked of a server whose `/varz` says that there is nothing to show. */
  const unlessNone = async <T extends Answer>(
    hasNone: (varz: Varz) => boolean,
    endpoint: Request<T>,
    none: (varz: Varz) => T,
  ): Promise<Reading<T>> => {
    const answered = await varz;
    return answered.ok && ifPossible(() => hasNone(answered.value)) === true
      ? { ok: true, value: none(answered.value) }
      : ofOneServer(endpoint);
  };
  let shown: Shown | null = null;
  const readAssets = async (which: Configured, recall = toldBefore(configs, { at, isFound })) => {
    const bare = recall === null ? null : await ofOneServer(endpoints.bareAssets(which, recall));
    if (bare?.ok === false) return bare;
    if (bare !== null && !('isUntold' in bare.value)) {
      shown = { assets: bare.value, configs: 'remembered' };
      return { ok: true, value: bare.value } as const;
    }
    const whole = await ofOneServer(endpoints.assets(which));
    shown = whole.ok ? { assets: whole.value, configs: bare === null ? 'told' : 'untold' } : null;
    return whole;
  };
  const readers: { [E in Always]: () => Promise<Reading<Readings[E]>> } = {
    varz: () => varz,
    leafz: () => unlessNone(hasNoLeafnodes, endpoints.leafz, withoutLeafnodes),
    healthz: () => readEndpoint(source, target, endpoints.healthz),
    jsz: () => ofOneServer(endpoints.jsz),
    streams: () => readAssets('streams'),
    consumers: () => readAssets('consumers'),
    routez: () => unlessNone(hasNoRoutes, endpoints.routez, withoutRoutes),
    gatewayz: () =>
      whereItHas(({ gateway }) => gateway.name !== undefined, endpoints.gatewayz, withoutGateways),
    clients: () => readClients(ofOneServer, varz, turn),
    services: () => readServices(ofOneServer, watch.facts),
    accstatz: () => ofOneServer(endpoints.accstatz),
  };
  const cursorOf = (id: string) => (Object.hasOwn(cursors, id) ? cursors[id] : undefined);
  /** Of a server that is alone at its URL, by what its `/varz` counts. */
  const withoutCloses = async (readAt: number): Promise<ClosedSince | null> => {
    const [alone, ...others] = known.at(target.name);
    const cursor = cursorOf(alone?.id ?? '') ?? null;
    if (others.length > 0 || cursor?.look?.told === undefined) return null;
    const answered = await varz;
    if (!answered.ok) return null;
    const { server_id: serverId, now: itsNow } = answered.value;
    return closedNothing(
      cursor,
      { serverId, now: itsNow, closes: closesOf(answered.value) },
      { readAt, lookBackMs: watch.lookBack, configuredSize: watch.facts.maxClosedClients },
    );
  };
  const readRing = async (): Promise<RingRead> => {
    const started = now();
    const none = ring?.explainsMs === null ? await withoutCloses(started) : null;
    if (none !== null) return { closed: { ok: true, value: none }, cursor: null };
    const [last = null] = known.at(target.name).flatMap(({ id }) => cursorOf(id) ?? []);
    const first = ofOneServer(endpoints.closedPage(firstPage(last)));
    await first;
    const answered = await varz;
    // Nothing is evaluated without: rows wait for the next run, which counts them.
    if (!answered.ok) {
      const { code, message } = answered.failure;
      return { closed: failed(code, `not counted without /varz: ${message}`), cursor: null };
    }
    const running = processOf(answered.value);
    const before = serverOf(known, target.name, running, started);
    const read = await readClosedRing({
      target,
      varz: answered.value,
      cursor: cursorOf(running.id) ?? cursorOf(before?.id ?? '') ?? null,
      firstPage: first,
      readPage: (page, having) => ofOneServer(endpoints.closedPage(page, having)),
      look: { readAt: started, ...lookBackOf(ring, watch, before === null ? 0 : started - before.seenAt) },
      watch,
      now,
    });
    if (!read.ok) return { closed: read, cursor: null };
    const { since, cursor } = read.value;
    return { closed: { ok: true, value: since }, cursor };
  };
  const isCounted = async (): Promise<boolean> => {
    if (ring === null || ring.explainsMs === null) return ring !== null;
    const answered = await varz;
    if (!answered.ok) return false;
    const isUnknown = serverOf(known, target.name, processOf(answered.value), now()) === null;
    return isUnknown || ring.decides(answered.value);
  };
  const [read, ofRing] = await Promise.all([
    Promise.all(asked.map(async (endpoint) => [endpoint, await readers[endpoint]()] as const)),
    isCounted().then((is) => (is ? readRing() : null)),
  ]);
  const readings = {
    ...(Object.fromEntries(read) as TargetReadings['readings']),
    ...(ofRing === null ? {} : { closed: ofRing.closed }),
  };
  const which = asked.find((endpoint) => endpoint === 'streams' || endpoint === 'consumers');
  const readConfigs = async (): Promise<AssetsRead> => {
    if (which === undefined) return { readings, shown };
    const reading = await readAssets(which, null);
    return { readings: { ...readings, [which]: reading }, shown };
  };
  return {
    ...{ target, readings, cursor: ofRing?.cursor ?? null, readRing, shown, readConfigs },
    sighting: await server.sighting(),
  };
}

/** What explains is wanted of so long ago, and of all the time that no run saw. */
const lookBackOf = (ring: RingUse | null, { lookBack }: Watch, unseenMs: number) =>
  ring === null || ring.explainsMs === null
    ? { lookBackMs: lookBack }
    : { lookBackMs: Math.max(ring.explainsMs, unseenMs), isBounded: true };

const hasNoLeafnodes = ({ leafnodes, leaf }: Varz): boolean =>
  leafnodes === 0 && leaf.port === 0 && leaf.remotes.length === 0;
const withoutLeafnodes = ({ server_id, now }: Varz): Leafz => ({ server_id, now, leafnodes: 0, leafs: [] });

const hasNoRoutes = ({ routes, cluster }: Varz): boolean => routes === 0 && (cluster.cluster_port ?? 0) === 0;
const withoutRoutes = ({ server_id, now }: Varz): Routez => ({ server_id, now, routes: [] });

const withoutGateways = ({ server_id, now }: Varz): Gatewayz => ({
  server_id,
  now,
  outbound: {},
  inbound: {},
});
