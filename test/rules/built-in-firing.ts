import { readFileSync } from 'node:fs';
import path from 'node:path';
import { builtInGroups } from '../../infra/rules/built-in.ts';
import type { Mirror } from '../../infra/settings/mirrors.ts';
import { diagnoses } from '../../lambdas/checks/catalogue.ts';
import { factsOf } from '../../lambdas/settings.ts';
import { seriesIn, type Phase } from './built-in-looks.ts';
import { alarmTimes, alertTimes, deploymentsOf, type Course, type Deployment, type Times } from './times.ts';

/** The text of a built-in rule file. */
export const builtInText = (mirror: Mirror): string =>
  readFileSync(path.join(import.meta.dirname, `../../infra/rules/built-in/${mirror}.yaml`), 'utf8');

export type Watched = {
  readonly mirror: Mirror;
  /** How many leafnodes settings expect; none unless given. */
  readonly leafnodes?: number;
  readonly prometheus?: 2 | 3;
};

/**
 * When Prometheus fires which built-in rule, by promtool. A rule that is deployed only where settings expect something
 * is left out where they do not.
 */
export async function firing(phases: readonly Phase[], watched: Watched): Promise<Times> {
  const { mirror, prometheus = 2 } = watched;
  const { settings, cluster } = deploymentOf(phases, watched);
  const facts = factsOf(settings, cluster);
  const isDeployed = (id: string | undefined): boolean =>
    diagnoses.find((diagnosis) => diagnosis.id === id)?.rule?.where?.(facts) ?? true;
  return alertTimes(builtInText(mirror), courseOf(phases, mirror), prometheus, ({ diagnosis }) =>
    isDeployed(diagnosis),
  );
}

/** When the alarms of built-in rules, as the classic engine deploys them, are in ALARM. */
export const alarming = (phases: readonly Phase[], watched: Watched): Times =>
  alarmTimes(deploymentOf(phases, watched), courseOf(phases, watched.mirror));

const courseOf = (phases: readonly Phase[], mirror: Mirror): Course => ({
  series: seriesIn(phases, mirror),
  minutes: phases.reduce((sum, { minutes }) => sum + minutes, 0),
});

function deploymentOf(phases: readonly Phase[], { mirror, leafnodes, prometheus = 2 }: Watched): Deployment {
  const servers = [...new Set(phases.flatMap(({ look }) => Object.keys(look)))];
  const groups = builtInGroups(mirror, prometheus).map((group) => ({ ...group, isBuiltIn: true }));
  const clusters = [{ name: 'test', servers, ...(leafnodes === undefined ? {} : { leafnodes }) }];
  const [deployment] = deploymentsOf(groups, clusters, prometheus);
  if (deployment === undefined) throw new Error('nothing is deployed');
  return deployment;
}

/** Of these, those of one alert. */
export const ofAlert = (alert: string, times: Times): Times =>
  Object.fromEntries(Object.entries(times).filter(([name]) => name.startsWith(`${alert} `)));
