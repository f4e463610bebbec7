import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startChild } from './child.ts';
import { run } from './command.ts';
import { prometheusProgram, type PrometheusMajor } from './prometheus.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { Hopeless, waitFor } from './wait.ts';

export type PrometheusServer = {
  /**
   * The `data` of its HTTP API's answer to an instant query.
   * @throws Error with what it says against the query
   */
  query(expression: string, atMs: number): Promise<unknown>;
  readonly stop: () => Promise<void>;
};

/** Starts a Prometheus that scrapes nothing and holds these samples, in OpenMetrics text with times. */
export async function startPrometheus(major: PrometheusMajor, samples: string): Promise<PrometheusServer> {
  const folder = temporaryFolder('prometheus');
  const samplesFile = path.join(folder, 'samples.om');
  const config = path.join(folder, 'prometheus.yml');
  const data = path.join(folder, 'data');
  await writeFile(samplesFile, samples);
  await writeFile(config, '{}');
  const promtool = await prometheusProgram('promtool', major);
  await run(promtool.path, ['tsdb', 'create-blocks-from', 'openmetrics', samplesFile, data]);

  const prometheus = await prometheusProgram('prometheus', major);
  const logFile = path.join(folder, 'prometheus.log');
  const child = await startChild({
    command: prometheus.path,
    args: [`--config.file=${config}`, `--storage.tsdb.path=${data}`, '--web.listen-address=127.0.0.1:0'],
    logFile,
    cwd: folder,
  });
  const url = await waitFor('Prometheus to be ready', async () => {
    const log = await readFile(logFile, 'utf8');
    if (!child.isRunning()) throw new Hopeless(log.trim().split('\n').slice(-3).join('\n'));
    const address = /msg="Listening on".* address=(127\.0\.0\.1:\d+)/.exec(log)?.[1];
    if (address === undefined) return undefined;
    const ready = await fetch(`http://${address}/-/ready`);
    return ready.ok ? `http://${address}` : undefined;
  });
  return {
    async query(expression, atMs) {
      const reply = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query: expression, time: String(atMs / 1_000) }),
        signal: AbortSignal.timeout(60_000),
      });
      const { data, error } = (await reply.json()) as { readonly data?: unknown; readonly error?: string };
      if (error !== undefined) throw new Error(error);
      return data;
    },
    stop: child.stop,
  };
}
