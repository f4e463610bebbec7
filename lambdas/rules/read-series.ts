import type { FailedPath } from '../define.ts';
import type { MonitoringRequest, RawReply, Source } from '../ports.ts';
import type { Failure, Reading, Target } from '../readings.ts';
import { endpoints } from '../replies/endpoints.ts';
import type { Varz } from '../replies/varz.ts';
import { collectorOf, type SeriesDefinition } from '../series/definition.ts';
import type { TargetLabels } from '../series/labels.ts';
import { observer, type Sample } from '../series/observe.ts';
import type { SeriesReplies } from '../series/replies.ts';
import { accountRequests, requestsOf, type SeriesRequest } from '../series/requests.ts';
import { ShapeError } from '../series/shapes.ts';

/** What one target answered to all that rules read. */
export type ReadTarget = {
  readonly target: Target;
  readonly varz: Reading<Varz>;
  /** Asked for once all samples were: a reply of another shape fails as samples are made of it. */
  readonly failures: () => readonly FailedPath[];
  readonly samplesOf: (series: SeriesDefinition) => readonly Sample[];
  /** Why these series have no samples, where a reading of theirs failed. */
  readonly failureOf: (series: readonly SeriesDefinition[]) => Failure | null;
};

/** Reads of one target what these series are made of, each reply once. `/varz` is always among them: it tells who answers. */
export async function readTarget(
  source: Source,
  target: Target,
  labels: TargetLabels,
  series: readonly SeriesDefinition[],
): Promise<ReadTarget> {
  const requests = requestsOf(series);
  const asked = requests.some(({ reply }) => reply === 'varz') ? requests : [varz, ...requests];
  const failures = new Map<string, Failure>();
  const replies = Object.fromEntries(
    await Promise.all(asked.map((each) => readReply(source, target, each, failures))),
  ) as SeriesReplies;
  const observe = observer(replies, labels);
  const pathOf = new Map(asked.map(({ reply, request }) => [reply as string, request.path]));
  return {
    target,
    varz: decodedVarz(replies.varz, target, failures),
    failures: () => [...failures].map(([path, failure]) => ({ path, failure })),
    samplesOf(definition) {
      const decoded = observe(definition);
      if (decoded.ok) return decoded.value;
      const { reply } = collectorOf(definition);
      const path = pathOf.get(reply) ?? `/${reply}`;
      failures.set(path, {
        code: 'unexpected-shape',
        message: `${target.name} ${path}: ${decoded.problem.replace(`${reply}: `, '')}`,
      });
      return [];
    },
    failureOf(some) {
      const needed = requestsOf(some.filter((each) => !tellsOfSilence(each)));
      const paths = needed.map(({ reply }) => pathOf.get(reply) ?? '');
      return paths.map((path) => failures.get(path)).find((failure) => failure !== undefined) ?? null;
    },
  };
}

function decodedVarz(json: unknown, { name }: Target, failures: ReadonlyMap<string, Failure>): Reading<Varz> {
  const failure = failures.get('/varz');
  if (failure !== undefined) return { ok: false, failure };
  const decoded = endpoints.varz.decode(json, 200);
  if (decoded.ok) return decoded;
  return { ok: false, failure: { code: 'unexpected-shape', message: `${name} /varz: ${decoded.problem}` } };
}

/** A server that does not answer is what these are about: they have a sample all the same. */
const tellsOfSilence = ({ collector, as }: SeriesDefinition): boolean => collector === 'up' || as === 'ok';

const varz: SeriesRequest = { reply: 'varz', request: { path: '/varz', statuses: [200] } };

async function readReply(
  source: Source,
  target: Target,
  { reply, request }: SeriesRequest,
  failures: Map<string, Failure>,
): Promise<readonly [string, unknown]> {
  const read = async (asked: MonitoringRequest): Promise<unknown> => {
    const reading: Reading<RawReply> = await source.read(target, asked);
    if (reading.ok) return reading.value.json;
    failures.set(request.path, reading.failure);
    return null;
  };
  const json = await read(request);
  if (reply !== 'accountz' || json === null) return [reply, json];
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
