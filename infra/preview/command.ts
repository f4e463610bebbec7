import { checks } from '../../lambdas/checks/catalogue.ts';
import { formatDuration, parseDuration, seconds, type Duration } from '../../lambdas/durations.ts';
import { plural } from '../../lambdas/engine/format.ts';
import type { Log } from '../../lambdas/ports.ts';
import { alarmSpecs } from '../alarms/alarm-specs.ts';
import { parseCommandLine, UsageError } from '../command-line.ts';
import { dashboardSpecs } from '../dashboard/dashboards.ts';
import { watchedAlarms } from '../local/watched-alarms.ts';
import { chooseTargets, type Scenery } from '../local/targets.ts';
import { understand, type LoadedSettings } from '../settings.ts';
import type { Look } from './looks.ts';
import { page, type AlarmState } from './page.ts';
import { looksOf, recordedRun } from './recording.ts';
import { watching } from './watching.ts';

const usual = { out: 'dashboard.html', looks: 12, every: '5s' } as const;

export const usage = `Usage: npm run dashboard -- [options] [monitoring URL...]

Writes the dashboards of a deployment as one HTML page, with values of a
recorded run of a real cluster; with URLs or --settings with those of some looks
at these servers.

  --settings <file>  as for a deployment; its servers are looked at
  --looks <n>        how often they are looked at (${usual.looks})
  --every <span>     between two looks (${usual.every})
  --out <file>       the page (${usual.out})
  --help

Exit code: 0 written; 2 the input cannot be used.
`;

const options = {
  out: { type: 'string', default: usual.out },
  looks: { type: 'string', default: String(usual.looks) },
  every: { type: 'string', default: usual.every },
} as const;

/** The page, its file, and what to say of it. */
export type Previewed = { readonly file: string; readonly html: string; readonly said: string };

/**
 * What the command line asks for; null for its help.
 * @param progress is told of each look at servers
 * @throws UsageError, SettingsError
 */
export async function preview(
  argv: readonly string[],
  log: Log,
  progress: (looked: number, of: number) => void = () => {},
): Promise<Previewed | null> {
  const { values, positionals: urls } = parseCommandLine(argv, options);
  if (values.help) return null;
  if (values.json) throw new UsageError('dashboard has no --json');
  if (values.settings !== undefined && urls.length > 0)
    throw new UsageError('--settings and URLs: settings name the targets themselves, give one of the two');
  const looks = Number(values.looks);
  if (!Number.isInteger(looks) || looks < 1 || looks > 1_000)
    throw new UsageError(`--looks ${values.looks}: expected a number from 1 to 1000`);
  const every = parseDuration(values.every);
  if (every === null || every < seconds(1))
    throw new UsageError(`--every ${values.every}: expected a span of 1s or more, such as 5s or 1m`);
  if (values.out === '') throw new UsageError('--out: expected the path of a file');
  const { settings = null, out: file } = values;
  const { html, dashboards, count } =
    settings === null && urls.length === 0
      ? ofRecording()
      : await ofServers(await chooseTargets({ urls, settings, since: null, replay: false }), log, {
          looks,
          every,
          progress,
        });
  if (dashboards === 0) throw new UsageError('no dashboard: the settings have dashboard: false');
  return { file, html, said: `${file}: ${plural(dashboards, 'dashboard')} from ${plural(count, 'look')}` };
}

function ofRecording() {
  const recording = recordedRun();
  const { settings, version, seconds: between } = recording;
  return drawn(
    understand(settings, 'recorded run'),
    looksOf(recording),
    `Recorded on a real cluster of nats-server ${version}, a look each ${between} s; drawn as if it were one each minute:`,
  );
}

async function ofServers(
  scenery: Scenery,
  log: Log,
  {
    looks,
    every,
    progress,
  }: {
    readonly looks: number;
    readonly every: Duration;
    readonly progress: (looked: number, of: number) => void;
  },
) {
  let looked = 0;
  try {
    const seen = await watching(scenery, log, { looks, every, onLook: () => progress(++looked, looks) });
    return drawn(scenery.loaded, seen, `Seen by npm run dashboard, a look each ${formatDuration(every)}:`);
  } finally {
    await scenery.close();
  }
}

function drawn(loaded: LoadedSettings, looks: readonly Look[], source: string) {
  const input = { checks, ...loaded };
  const alarms = watchedAlarms(alarmSpecs(input));
  let states = new Map<string, AlarmState>();
  for (const { at, datapoints } of looks) {
    void alarms.put(datapoints);
    states = new Map(alarms.states(at).map(({ name, state }) => [name, state]));
  }
  const dashboards = dashboardSpecs(input);
  const asShown = looks.map((look) => withClusters(look, loaded));
  const html = page({ dashboards, looks: asShown, source, stateOf: (alarm) => states.get(alarm) ?? null });
  return { html, dashboards: dashboards.length, count: looks.length };
}

/** With what a deployment publishes of the cluster where it is only shown. */
function withClusters({ at, datapoints }: Look, { translated }: LoadedSettings): Look {
  const shown = (translated.plan.published ?? []).flatMap(({ name, as }) => (as === 'shown' ? [name] : []));
  const ofClusters = datapoints.flatMap((point) => {
    if (!shown.includes(point.series) || !('server_id' in point.labels)) return [];
    const { labels } = point;
    return [
      {
        ...point,
        labels: Object.fromEntries(Object.entries(labels).filter(([label]) => label !== 'server_id')),
      },
    ];
  });
  return { at, datapoints: [...datapoints, ...ofClusters] };
}
