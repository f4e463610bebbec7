import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { understand } from '../../infra/settings.ts';
import { gzippedBytes } from '../../lambdas/adapters/memory/codec.ts';
import { httpSource } from '../../lambdas/adapters/http/source.ts';
import type { MonitoringRequest, RawReply, Source } from '../../lambdas/ports.ts';
import type { Reading, Target } from '../../lambdas/readings/reading.ts';
import { compile } from '../../lambdas/rules/compile.ts';
import { planFor } from '../../lambdas/rules/plan.ts';
import { readTarget } from '../../lambdas/rules/read-series.ts';
import { requestsOf } from '../../lambdas/series/requests.ts';
import { recallRules } from '../../lambdas/rules/engines/room.ts';
import { runRules } from '../../lambdas/rules/evaluation/run-rules.ts';
import { targetLabels } from '../../lambdas/rules/target-labels.ts';
import { minuteOf } from '../../lambdas/run/watch.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { alertCount, entityRules } from './entity-rules.ts';
import { underLoad } from './moving.ts';
import { bytesUnder, median, millisecondsUnder, type Measurement } from './report.ts';

/** Windows of ten minutes are full before the first of them; V8 has seen enough by then, too. */
const minutesBefore = 20;
const minutesMeasured = 41;
const cluster = 'bench';

/**
 * All built-in rules and the bench's own on one server, minute after minute: CPU time from samples and the memory's text to
 * results and the next memory's text, and that text gzipped. The server's replies are real; its streams and consumers
 * are put under load (`underLoad`).
 */
export async function measureRules(server: NatsServer): Promise<readonly Measurement[]> {
  const folder = temporaryFolder('rules');
  writeFileSync(path.join(folder, 'rules.yaml'), entityRules);
  const target: Target = { name: 'hub1', url: server.monitoringUrl };
  const raw = { clusters: [{ name: cluster, targets: [target] }], rules: ['built-in', 'rules.yaml'] };
  const { translated } = understand(raw, path.join(folder, 'settings.yaml'));
  const refused = translated.rules.filter(({ status }) => status === 'refused');
  if (refused.length > 0)
    throw new Error(`refused: ${refused.map(({ alert, reason }) => `${alert}: ${reason}`).join('; ')}`);

  const plan = planFor(translated.plan, cluster);
  const labels = targetLabels({ labels: {} }, target);
  const compiled = compile(plan, [labels]);
  const series = [...new Set([...compiled.needed.values()].flat())];
  const paths = requestsOf(series, compiled.unread).map(({ request }) => request.path);
  const read = await readingOnce(server, target, ['/varz', ...paths]);
  const moved = underLoad();
  const start = minuteOf(undefined, Date.now());
  const cpuMs: number[] = [];
  let text = JSON.stringify({ kept: null });
  let largest = 0;
  let firing = 0;
  for (let minute = 0; minute < minutesBefore + minutesMeasured; minute += 1) {
    const at = start + minute * 60_000;
    const source = replaying(read, (reply) => moved(reply, at));
    const now = await readTarget(source, target, labels, series, compiled.unread);
    const samples = new Map(
      [...compiled.needed].map(([name, series]) => [name, series.flatMap((each) => now.samplesOf(each))]),
    );
    const before = process.cpuUsage();
    const { kept } = minute === 0 ? recallRules(null) : recallRules(JSON.parse(text));
    const ran = runRules(compiled, kept, { at, samples });
    text = JSON.stringify({ kept: ran.memory, givenUp: {} });
    const { user, system } = process.cpuUsage(before);
    if (ran.problems.length > 0) throw new Error(`not evaluated: ${JSON.stringify(ran.problems)}`);
    firing = ran.alerts.filter(({ entities }) => entities.some(({ state }) => state === 'firing')).length;
    if (minute >= minutesBefore) cpuMs.push((user + system) / 1_000);
    largest = Math.max(largest, gzippedBytes(text));
  }
  if (firing === 0) throw new Error('no rule fires: the bench would measure idleness');
  const rules = `rules: ${alertCount} over 1,000 consumers, and the built-in ones`;
  return [
    millisecondsUnder({ what: `${rules}: evaluation, CPU time`, value: median(cpuMs) }, 50),
    bytesUnder({ what: 'their memory', value: largest }, 300e3),
  ];
}

/** What the server answers, each path asked for once. */
async function readingOnce(
  server: NatsServer,
  target: Target,
  paths: readonly string[],
): Promise<(request: MonitoringRequest) => Promise<Reading<RawReply>>> {
  const http = httpSource({ timeoutMs: 10_000 });
  const known = new Map<string, Promise<Reading<RawReply>>>();
  for (const of of new Set(paths)) known.set(of, http.read(target, { path: of, statuses: [200] }));
  await Promise.all(known.values());
  await http.close();
  return (request) => {
    const reading = known.get(request.path);
    if (reading === undefined) throw new Error(`${server.name} was not asked for ${request.path}`);
    return reading;
  };
}

const replaying = (
  read: (request: MonitoringRequest) => Promise<Reading<RawReply>>,
  move: (jsz: unknown) => unknown,
): Source => ({
  async read(_target, request) {
    const reading = await read(request);
    if (!reading.ok || !request.path.startsWith('/jsz')) return reading;
    return { ok: true, value: { ...reading.value, json: move(reading.value.json) } };
  },
});
