import type { Description } from '../../define.ts';
import type { Target } from '../../readings/reading.ts';
import type { SeriesDefinition } from '../../series/definition.ts';
import { requestsOf } from '../../series/requests.ts';
import type { ReadTarget } from '../read-series.ts';

/** What nats CLI shows of an endpoint, by how the endpoint's path begins. */
const reports: readonly (readonly [path: string, command: string])[] = [
  ['/jsz', 'nats server report jetstream'],
  ['/connz', 'nats server report connections --top 20'],
  ['/acc', 'nats server report accounts'],
  ['/leafz', 'nats server report leafnodes'],
  ['/gatewayz', 'nats server report gateways'],
  ['/routez', 'nats server report routes'],
];

/** Where to look by hand: the endpoint that the series come from, that with most in it if they come from several. */
export function commandsOf(at: Target | null, series: readonly SeriesDefinition[]): Description['commands'] {
  const paths = requestsOf(series).map(({ request }) => request.path);
  const path = paths.find((each) => each !== '/varz') ?? '/varz';
  const [, nats = 'nats server list'] = reports.find(([begin]) => path.startsWith(begin)) ?? [];
  return { nats, curl: `curl -s '${at?.url ?? 'http://SERVER:8222'}${path}'` };
}

/** A server to look at: the one of this name, else the first that has what the series are of, else the first. */
export function whereToLook(
  series: readonly SeriesDefinition[],
  read: readonly ReadTarget[],
  name: string | null = null,
): Target | null {
  const has = ({ samplesOf }: ReadTarget) => series.some((each) => samplesOf(each).length > 0);
  const found = read.find(({ target }) => target.name === name) ?? read.find(has) ?? read[0];
  return found?.target ?? null;
}
