import { existsSync } from 'node:fs';
import path from 'node:path';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import type { LoadedSettings } from '../settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import type { Duration } from '../../lambdas/durations.ts';
import { seconds } from '../../lambdas/durations.ts';
import { endpoints, readEndpoint } from '../../lambdas/readings/endpoints.ts';
import { freeName, targetName } from '../../lambdas/readings/target-name.ts';
import { httpSource } from '../../lambdas/adapters/http/source.ts';
import type { Watch } from '../../lambdas/run/watch.ts';
import { readMonitoringUrl } from '../../lambdas/settings.ts';
import { watchesOf } from '../../lambdas/run/watch.ts';
import type { Arguments } from './arguments.ts';

/** What a local run watches, and where it comes from. */
export type Scenery = {
  readonly watches: readonly Watch[];
  /** About how many servers are watched. */
  readonly servers: number;
  /** The settings that a deployment would have. */
  readonly loaded: LoadedSettings;
  /** The alarms that a deployment would have. */
  readonly alarms: readonly AlarmSpec[];
  readonly requestTimeout: Duration;
  /** Rules that are not watched, and why. */
  readonly refused: readonly string[];
  /** URLs that are targets of several clusters. */
  readonly sharedUrls: readonly string[];
  /** What to say first, if anything. */
  readonly note: string | null;
  /** The time of a recorded scene, epoch ms; null means now. */
  readonly takenAt: number | null;
  /** A replay shows trouble by design: its exit code is 0. */
  readonly isReplay: boolean;
  readonly close: () => Promise<void>;
};

const project = path.resolve(import.meta.dirname, '../..');
const places = { own: path.join(project, 'infra/settings.yaml'), nearby: 'http://127.0.0.1:8222' };
const recordedScene = path.join(project, 'test/recorded/2.15.1/trouble/2');

/** Targets from the command line, else settings, else a server on this machine, else a recorded scene. */
export async function chooseTargets(
  given: Pick<Arguments, 'urls' | 'settings' | 'since' | 'replay'>,
  { own, nearby }: typeof places = places,
): Promise<Scenery> {
  if (given.replay) return replay(given.since);
  if (given.urls.length > 0) return fromUrls(given.urls, given.since, null);
  const { loadSettings } = await import('../settings.ts');
  if (given.settings !== null) return fromSettings(loadSettings(given.settings), given.since, null);
  if (existsSync(own)) {
    const { isExample } = await import('../settings/example.ts');
    const loaded = loadSettings(own);
    if (!isExample(loaded.settings))
      return fromSettings(loaded, given.since, 'Targets of infra/settings.yaml.');
  }
  if (await answers(nearby)) return fromUrls([nearby], given.since, `A server answers on ${nearby}.`);
  return replay(given.since);
}

async function fromSettings(
  loaded: LoadedSettings,
  since: Duration | null,
  note: string | null,
): Promise<Scenery> {
  const { alarmSpecs } = await import('../alarms/alarm-specs.ts');
  const { refuseIfStrict } = await import('../rules/table.ts');
  const { sharedUrls } = await import('../shared-urls.ts');
  const { serversIn } = await import('../settings/servers.ts');
  const { settings, book, translated } = loaded;
  refuseIfStrict(loaded);
  return {
    ...live,
    loaded,
    refused: translated.rules.flatMap(({ file, line, id, reason }) =>
      reason === null
        ? []
        : [`${file}:${line} ${id}: this rule is refused, so nothing watches for it: ${reason}`],
    ),
    sharedUrls: sharedUrls(settings),
    servers: serversIn(settings.clusters),
    // What is shown here costs nothing, and alarms begin anew with each process: all is told, each time.
    watches: watchesOf(settings, book, { ...translated.plan, published: null }, since ?? undefined),
    alarms: alarmSpecs({ checks, settings, book, translated }),
    requestTimeout: settings.requestTimeout,
    note,
  };
}

/** Settings made here, with all that a settings file leaves out as it is by default. */
async function fromClusters(
  clusters: readonly unknown[],
  source: string,
  since: Duration | null,
  note: string | null,
): Promise<Scenery> {
  const { understand } = await import('../settings.ts');
  return fromSettings(understand({ clusters }, source), since, note);
}

const live = { takenAt: null, isReplay: false, close: async () => {} } as const;

/** Servers known by URL alone: settings as they are by default, targets named by host and port. */
function fromUrls(urls: readonly string[], since: Duration | null, note: string | null): Promise<Scenery> {
  // What is no URL stays as it is written, for settings to refuse.
  const meant = urls.map((text) => {
    const read = readMonitoringUrl(text);
    return 'url' in read ? read.url : text;
  });
  const targets = [...new Set(meant)].reduce<readonly { readonly name: string; readonly url: string }[]>(
    (named, url) => {
      // http and https of one host and port.
      const isTaken = (name: string) => named.some((target) => target.name === name);
      return [...named, { name: freeName(hostName(url), isTaken), url }];
    },
    [],
  );
  return fromClusters([{ name: 'local', targets }], 'command line', since, note);
}

/** `nats1-8222` of `http://nats1:8222`: a name that settings would take. */
function hostName(url: string): string {
  if (!URL.canParse(url)) return 'target';
  const { host, pathname } = new URL(url);
  return targetName(`${host}${pathname}`);
}

async function answers(url: string): Promise<boolean> {
  const source = httpSource({ timeoutMs: seconds(1) });
  const reading = await readEndpoint(source, { name: 'nearby', url }, endpoints.varz);
  await source.close();
  return reading.ok;
}

async function replay(since: Duration | null): Promise<Scenery> {
  const { serveRecorded } = await import('../../test/replay.ts');
  const served = await serveRecorded(recordedScene);
  const targets = served.targets.map(({ name, url }) => ({ name, url }));
  const expect = { leafnodes: targets.map(({ name }) => name).filter((name) => name.startsWith('leaf')) };
  const { version } = served.scene;
  const scenery = await fromClusters([{ name: 'recorded', targets, expect }], 'recorded scene', since, null);
  return {
    ...scenery,
    note:
      `Replaying a recorded scene: a real cluster of nats-server ${version} in trouble.\n` +
      `To see it live: npm start -- http://your-server:8222, or npm run demo.`,
    takenAt: served.takenAt.getTime(),
    isReplay: true,
    close: () => served.stop(),
  };
}
