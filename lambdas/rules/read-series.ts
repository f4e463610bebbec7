import type { FailedPath } from '../define.ts';
import { oneServer, type OneServer } from '../readings/one-server.ts';
import type { Beside, Sighting } from '../readings/servers.ts';
import type { Answering } from '../engine/judgement/views.ts';
import type { MonitoringRequest, RawReply, Source } from '../ports.ts';
import { isOurs, type Failure, type Reading, type Target } from '../readings/reading.ts';
import { problemAt } from '../readings/decoders/decoded.ts';
import { endpoints } from '../readings/endpoints.ts';
import { parseGoTime } from '../readings/decoders/go-values.ts';
import type { Varz } from '../readings/decoders/varz.ts';
import { collectorOf, wholePath, type SeriesDefinition } from '../series/definition.ts';
import type { TargetLabels } from '../series/labels.ts';
import { isObject } from '../series/json.ts';
import { observer, type Sample } from '../series/observe.ts';
import { expectedIn, possibleIn } from '../series/possible.ts';
import type { SeriesReplies } from '../series/replies.ts';
import { accountRequests, requestsOf, type SeriesRequest } from '../series/requests.ts';
import { ShapeError } from '../series/shapes.ts';

/** What one target answered to all that rules read. */
export type ReadTarget = {
  readonly target: Target;
  readonly varz: Reading<Varz>;
  /** Who answered; absent where it does not matter. */
  readonly answering?: Answering;
  /** Under which the histories are kept of who answered this time; null where no known server did. */
  readonly slot?: string | null;
  /** Asked for once all samples were: a reply of another shape fails as samples are made of it. */
  readonly failures: () => readonly FailedPath[];
  /** Without those whose values no server can have. */
  readonly samplesOf: (series: SeriesDefinition) => readonly Sample[];
  readonly impossibleOf?: (series: SeriesDefinition) => readonly Sample[];
  /** Why these series have not all their samples: a reading of theirs failed, or has a value that no server can have. */
  readonly failureOf: (series: readonly SeriesDefinition[]) => Failure | null;
};

export type SightedTarget = ReadTarget & { readonly sighting: Sighting };

/**
 * Reads of one target what these series are made of, each reply once. `/varz` is always among them: it tells who answers,
 * and what another server answers at the same URL is not taken.
 * @param unread labels that no rule reads
 */
export async function readTarget(
  source: Source,
  target: Target,
  labels: TargetLabels,
  series: readonly SeriesDefinition[],
  unread: readonly string[] = [],
): Promise<SightedTarget> {
  const requests = requestsOf(series, unread).filter(({ reply }) => reply !== 'varz');
  const failures = new Map<string, Failure>();
  const impossible = new Map<
    SeriesDefinition,
    { readonly samples: readonly Sample[]; readonly failure: Failure }
  >();
  const rawVarz = source.read(target, varzRequest);
  const server = oneServer(target, async (attempt) =>
    decodedVarz(await (attempt === 0 ? rawVarz : source.read(target, { ...varzRequest, attempt })), target),
  );
  const read = await Promise.all(requests.map((each) => readReply(source, target, server, each, failures)));
  const [varz, raw] = [await server.varz, await rawVarz];
  if (!raw.ok) failures.set('/varz', raw.failure);
  const own = ['varz', raw.ok ? raw.value.json : null] as const;
  const replies = Object.fromEntries([own, ...read]) as SeriesReplies;
  const observe = observer(replies, labels);
  const pathOf = new Map<string, string>([
    ['varz', varzRequest.path],
    ...requests.map(({ reply, request }) => [reply, request.path] as const),
  ]);
  /** Then what tells of silence says nothing either. */
  const isUnasked = !raw.ok && isOurs(raw.failure);
  const samplesOf = (definition: SeriesDefinition): readonly Sample[] => {
    if (isUnasked && isAvailability(definition)) return [];
    const decoded = observe(definition);
    const { reply } = collectorOf(definition);
    const path = pathOf.get(reply) ?? `/${reply}`;
    const failure = (problem: string): Failure => ({
      code: 'unexpected-shape',
      message: `${target.name} ${path}: ${problem}`,
    });
    if (!decoded.ok) {
      failures.set(path, failure(decoded.problem.replace(`${reply}: `, '')));
      return [];
    }
    const isPossible = possibleIn(definition);
    const odd = decoded.value.filter(({ value }) => !isPossible(value));
    const [first] = odd;
    if (first === undefined) return decoded.value;
    const problem = problemAt([wholePath(definition)], expectedIn(definition), first.value);
    impossible.set(definition, { samples: odd, failure: failure(problem) });
    return decoded.value.filter(({ value }) => isPossible(value));
  };
  /** In a `/varz` of another shape a series that is not there may be one that is not found. */
  const notFound = (definition: SeriesDefinition): Failure | undefined => {
    if (varz.ok || !requestsOf([definition]).some(({ reply }) => reply === 'varz')) return undefined;
    return samplesOf(definition).length === 0 ? varz.failure : undefined;
  };
  return {
    target,
    varz,
    sighting: await server.sighting(),
    failures: () => [...failures].map(([path, failure]) => ({ path, failure })),
    samplesOf,
    impossibleOf: (definition) => impossible.get(definition)?.samples ?? [],
    failureOf(all) {
      if (varz.ok && failures.size + impossible.size === 0) return null;
      const some = all.filter((each) => isUnasked || !isAvailability(each));
      const ofReplies = requestsOf(some).map(({ reply }) => failures.get(pathOf.get(reply) ?? ''));
      const ofSeries = some.flatMap((each) => [impossible.get(each)?.failure, notFound(each)]);
      return [...ofReplies, ...ofSeries].find((failure) => failure !== undefined) ?? null;
    },
  };
}

function decodedVarz(reading: Reading<RawReply>, { name }: Target): Reading<Varz> {
  if (!reading.ok) return reading;
  const decoded = endpoints.varz.decode(reading.value.json, 200);
  if (decoded.ok) return decoded;
  return { ok: false, failure: { code: 'unexpected-shape', message: `${name} /varz: ${decoded.problem}` } };
}

/** A server that does not answer is what these are about: they have a sample all the same. */
const isAvailability = ({ collector, as }: SeriesDefinition): boolean => collector === 'up' || as === 'ok';

const varzRequest: MonitoringRequest = { path: '/varz', statuses: [200] };

/** `/healthz` does not tell, all others do. */
function answererOf({ json }: RawReply): Beside | null {
  if (!isObject(json)) return null;
  const { server_id: id, now } = json;
  if (typeof id !== 'string') return null;
  return { id, now: (typeof now === 'string' ? parseGoTime(now) : null) ?? 0 };
}

async function readReply(
  source: Source,
  target: Target,
  server: OneServer,
  { reply, request, completed = (json) => json, less }: SeriesRequest,
  failures: Map<string, Failure>,
): Promise<readonly [string, unknown]> {
  const read = async (asked: MonitoringRequest): Promise<unknown> => {
    const reading = await server.take({
      path: asked.path,
      read: (attempt) => source.read(target, attempt === 0 ? asked : { ...asked, attempt }),
      answererOf,
    });
    if (reading.ok) return reading.value.json;
    failures.set(request.path, reading.failure);
    return null;
  };
  const small = less === undefined ? undefined : await read(less.request);
  if (small === null) return [reply, null];
  const enough = small === undefined ? null : (less?.completed(small) ?? null);
  if (enough !== null) return [reply, enough];
  const json = await read(request);
  if (json === null) return [reply, json];
  if (reply !== 'accountz') return [reply, completed(json)];
  const accounts = await Promise.all(accountRequestsOf(json, target, failures).map(read));
  return [reply, accounts.includes(null) ? null : accounts];
}

/** The list of accounts names what else is to be asked. */
function accountRequestsOf(
  json: unknown,
  { name }: Target,
  failures: Map<string, Failure>,
): readonly MonitoringRequest[] {
  try {
    return accountRequests(json);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const message = `${name} /accountz: ${error.message}`;
    failures.set('/accountz', { code: 'unexpected-shape', message });
    return [];
  }
}
