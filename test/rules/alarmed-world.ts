import { deploymentSettings } from '../../infra/settings/deployment.ts';
import { classicAlarms } from '../../infra/rules/translate/alarms/alarms.ts';
import { watchedAlarms } from '../../infra/local/watched-alarms.ts';
import type { RulePlan } from '../../lambdas/rules/plan.ts';
import { parseSettings } from '../../lambdas/settings.ts';
import { minute, target, type Answers } from '../engine/fake-ports.ts';
import { compiledAlert, compiledFor } from './planned.ts';
import { ruleWorld, type Ran } from './rule-world.ts';

const { settings } = parseSettings(
  deploymentSettings,
  { clusters: [{ name: 'c1', targets: [target('n1')] }] },
  'a world',
  [],
);

/** Runs of the one rule of a plan on the server n1, and its alarm as CloudWatch would have it after each. */
export function alarmedWorld(plan: RulePlan) {
  const { run } = ruleWorld(plan);
  const [cluster] = settings.clusters;
  if (cluster === undefined) throw new Error('no cluster');
  const alert = compiledAlert(compiledFor(plan, ['n1']));
  const about = { alert, limited: null, isBuiltIn: false, tags: () => ({}), annotations: () => ({}) };
  const alarms = watchedAlarms(classicAlarms(about, { settings, checks: [], cluster }));
  return {
    run: async (n: number, answers: Answers): Promise<Ran & { readonly alarm: string | undefined }> => {
      const ran = await run(n, { n1: answers });
      await alarms.put(ran.datapoints);
      return { ...ran, alarm: alarms.states(minute(n))[0]?.state };
    },
  };
}
