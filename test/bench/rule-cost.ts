import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { understand } from '../../infra/settings.ts';
import { gzippedBytes } from '../../lambdas/adapters/memory/codec.ts';
import { httpSource } from '../../lambdas/adapters/http/source.ts';
import type { Source } from '../../lambdas/ports.ts';
import type { Target } from '../../lambdas/readings/reading.ts';
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
import { bytesUnder, ratio, type Measurement } from './report.ts';
import { costOf } from './rounds.ts';

/** Windows of ten minutes are full before the first of them; V8 has seen enough by then, too. */
const minutesBefore = 20;
const minutesMeasured = 41;
const cluster = 'bench';

/**
 * All built-in rules and the bench's own on one server, minute after minute: CPU time from the parsed replies and the
 * memory's text over samples to results and the next memory's text, to that of parsing the `/jsz` of that minute; and the
 * memory's text gzipped. The server's replies are real; its streams and consumers are put under load (`underLoad`).
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
  const jszPath = paths.find((asked) => asked.startsWith('/jsz'));
  if (jszPath === undefined) throw new Error('no rule reads /jsz');
  const read = await readingOnce(server, target, ['/varz', ...paths]);
  const moved = underLoad();
  const start = minuteOf(undefined, Date.now());
  const evaluationMs: number[] = [];
  const parsingMs: number[] = [];
  let text = JSON.stringify({ kept: null });
  let largest = 0;
  let firing = 0;
  for (let minute = 0; minute < minutesBefore + minutesMeasured; minute += 1) {
    const at = start + minute * 60_000;
    const jsz = JSON.stringify(moved(await read(jszPath), at));
    const parsing = await costOf(() => JSON.parse(jsz) as unknown);
    const source = sourceOf(read, { path: jszPath, json: parsing.result });
    const now = await readTarget(source, target, labels, series, compiled.unread);
    const evaluation = await costOf(() => {
      const samples = new Map(
        [...compiled.needed].map(([name, some]) => [name, some.flatMap((each) => now.samplesOf(each))]),
      );
      const { kept } = minute === 0 ? recallRules(null) : recallRules(JSON.parse(text));
      const made = runRules(compiled, kept, { at, samples });
      text = JSON.stringify({ kept: made.memory, givenUp: {} });
      return made;
    });
    const ran = evaluation.result;
    if (ran.problems.length > 0) throw new Error(`not evaluated: ${JSON.stringify(ran.problems)}`);
    firing = ran.alerts.filter(({ entities }) => entities.some(({ state }) => state === 'firing')).length;
    if (minute >= minutesBefore) {
      evaluationMs.push(evaluation.cpuMs);
      parsingMs.push(parsing.cpuMs);
    }
    largest = Math.max(largest, gzippedBytes(text));
  }
  if (firing === 0) throw new Error('no rule fires: the bench would measure idleness');
  const rules = `rules: ${alertCount} over 1,000 consumers, and the built-in ones`;
  return [
    ratio(`${rules}: evaluation to parsing /jsz, CPU time`, evaluationMs, parsingMs, 15),
    bytesUnder({ what: 'their memory', value: largest }, 300e3),
  ];
}

type Read = (path: string) => Promise<unknown>;

/** What the server answers, each path asked for once. */
async function readingOnce(server: NatsServer, target: Target, paths: readonly string[]): Promise<Read> {
  const http = httpSource({ timeoutMs: 10_000 });
  const known = new Map<string, unknown>();
  for (const path of new Set(paths)) {
    const reading = await http.read(target, { path, statuses: [200] });
    if (!reading.ok) throw new Error(reading.failure.message);
    known.set(path, reading.value.json);
  }
  await http.close();
  return (path) => {
    if (!known.has(path)) throw new Error(`${server.name} was not asked for ${path}`);
    return Promise.resolve(known.get(path));
  };
}

const sourceOf = (read: Read, jsz: { readonly path: string; readonly json: unknown }): Source => ({
  async read(_target, { path }) {
    const json = path === jsz.path ? jsz.json : await read(path);
    return { ok: true, value: { status: 200, json, bytes: 0 } };
  },
});
