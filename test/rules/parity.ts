import fc from 'fast-check';
import { crosses } from '../../lambdas/limits.ts';
import { unpublished } from '../../infra/cloudwatch/unpublished.ts';
import type { AlarmSpec } from '../../infra/cloudwatch/alarm-spec.ts';
import type { SimulatedAlarm, Simulation } from '../../infra/rules/simulate.ts';
import type { Edition } from '../../lambdas/promql/index.ts';
import { targetOf } from '../../lambdas/rules/identity.ts';
import { deploymentOf, simulated } from './deployed.ts';
import { firing, type Firing, type RuleScene } from './firing.ts';
import { unbiased } from '../unbiased.ts';

/**
 * What tells our alarms from Prometheus' alerts in a scene, one line for each alarm and minute; nothing where they agree
 * in each minute. Where Prometheus cannot evaluate a rule its test ends, and so does the comparison.
 */
export function disagreementsOf(scene: RuleScene, edition: Edition, theirs: Firing): readonly string[] {
  const deployment = deploymentOf(scene, edition);
  const simulation = simulated(scene, deployment);
  const ours = failures(simulation);
  if ('failed' in theirs) {
    const [first] = ours;
    const reported = first ?? 'no failure';
    const expected = failureText(theirs.failed);
    return reported === expected ? [] : [`Prometheus: ${expected}, here: ${reported}`];
  }
  const unexpected = ours.map((failure) => `only here: ${failure}`);
  const fired = new Set(
    theirs.minutes.flatMap(({ fires }, minute) =>
      fires.flatMap((labels) =>
        ['', targetOf(labels, deployment.compiled.targets) ?? ''].map(
          (server) => `${labels['alertname']} ${server} ${minute}`,
        ),
      ),
    ),
  );
  const different = simulation.alarms.flatMap((each) =>
    each.states.flatMap(({ minute, state }) => {
      const rule = each.alarm.tags['rule'] ?? '';
      const fires = fired.has(`${rule} ${each.alarm.target ?? ''} ${minute}`);
      if (fires === (state === 'ALARM')) return [];
      const found = fires ? `fires, the alarm is ${state}` : 'does not fire, the alarm is ALARM';
      return [
        `minute ${minute}, ${rule} ${each.alarm.target ?? 'cluster'}: ${found}; ${shown(each, simulation)}`,
      ];
    }),
  );
  const alarmed = new Set(deployment.alarms.map((alarm) => `${alarm.tags['rule']} ${alarm.target ?? ''}`));
  const strays = [...fired].filter((text) => {
    const [rule = '', server = ''] = text.split(' ');
    return server !== '' && !alarmed.has(`${rule} `) && !alarmed.has(`${rule} ${server}`);
  });
  return [...unexpected, ...different, ...strays.map((each) => `fires without an alarm: ${each}`)];
}

/**
 * What tells our plain alarms from what they should be, by what Prometheus says that their series are: nothing where
 * these hold.
 * - An alarm is in ALARM where the last N values of those that it looks at breach: more than N minutes back, as
 *   CloudWatch passes over minutes without a value. Fewer than N values are not enough; of `up` without any, or with breaching
 *   ones alone of which one is as old as N, the alarm keeps its state. `up` of a server that the scene never names is 1.
 * - Where all minutes that it looks at have a value, that is where Prometheus fires; and it always is where it fires.
 */
export function plainDisagreementsOf(scene: RuleScene, edition: Edition, theirs: Firing): readonly string[] {
  if ('failed' in theirs) return [`Prometheus: ${failureText(theirs.failed)}`];
  const deployment = deploymentOf(scene, edition);
  const { targets } = deployment.compiled;
  const simulation = simulated(scene, deployment);
  const shapes = deployment.compiled.groups.flatMap(({ rules }) =>
    rules.map((each) => (each.kind === 'alert' ? each.shape.kind : each.kind)),
  );
  if (shapes.some((kind) => kind !== 'plain')) return [`not plain: ${shapes.join(', ')}`];
  return simulation.alarms.flatMap((each) => {
    const { direction, threshold, evaluationPeriods, missing, target, tags } = each.alarm;
    const rule = Number((tags['rule'] ?? '').replace('Rule', ''));
    const ofTarget = ({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean =>
      targetOf(labels, targets) === target;
    // A server answers where a scene says nothing of it.
    const isHeard = scene.series.some(
      ({ series }) => series.startsWith('up{') && series.includes(`server_id="${target ?? ''}"`),
    );
    const silence = missing === 'ignore' && !isHeard ? 1 : undefined;
    const values = theirs.minutes.map(({ asked }) => asked[rule]?.find(ofTarget)?.value ?? silence);
    const fires = theirs.minutes.map((reported) =>
      reported.fires.some((labels) => labels['alertname'] === tags['rule'] && ofTarget({ labels })),
    );
    return each.states.flatMap(({ minute, state }, i) => {
      const range = unpublished.evaluationRange(evaluationPeriods);
      const seen = values.slice(Math.max(0, minute + 1 - range), minute + 1);
      const newest = seen.filter((value) => value !== undefined).slice(-evaluationPeriods);
      const isBreaching = newest.every((value) => crosses[direction](value, threshold));
      const age = seen.length - seen.findIndex((value) => value !== undefined);
      const isKept =
        missing === 'ignore' && (newest.length === 0 || (isBreaching && age >= evaluationPeriods));
      const wasAlarm = each.states[i - 1]?.state === 'ALARM';
      const isAlarm = newest.length === evaluationPeriods ? isBreaching : isKept && wasAlarm;
      const hasNoGap = seen.length === range && !seen.includes(undefined);
      const text = `minute ${minute}, ${tags['rule'] ?? ''} ${target ?? ''}: the alarm is ${state}; values ${values.join(', ')}`;
      return [
        ...(isAlarm === (state === 'ALARM')
          ? []
          : [`by the law it is ${isAlarm ? '' : 'not '}ALARM: ${text}`]),
        ...(hasNoGap && fires[minute] !== isAlarm ? [`Prometheus differs without a gap: ${text}`] : []),
        ...(fires[minute] === true && !isAlarm ? [`Prometheus fires: ${text}`] : []),
      ];
    });
  });
}

const failureText = ({ minute, rules }: { readonly minute: number; readonly rules: readonly string[] }) =>
  `minute ${minute}: ${rules.join(', ')} failed`;

const failures = ({ minutes }: Simulation): readonly string[] =>
  minutes.flatMap(({ minute, problems }) =>
    problems.length === 0 ? [] : [failureText({ minute, rules: problems.map(({ rule }) => rule).sort() })],
  );

/** What the alarm compares and what was published, in the words of a reader. */
function shown({ alarm }: SimulatedAlarm<AlarmSpec>, { datapoints }: Simulation): string {
  const { compared, direction, threshold, evaluationPeriods } = alarm;
  if (compared.kind !== 'metric') return '';
  const points = datapoints(compared.metric).map(
    ({ minute, value, seenFrom }) =>
      `${minute}: ${value}${seenFrom === undefined || seenFrom === minute ? '' : ` (from ${seenFrom} on)`}`,
  );
  return `${direction} ${threshold} ${evaluationPeriods}x over ${points.join(', ')}`;
}

export const sceneText = ({ groups, series, minutes }: RuleScene): string =>
  [
    ...groups.map(
      (rules, index) => `group ${index}: ${rules.map((rule) => JSON.stringify(rule)).join('; ')}`,
    ),
    ...series.map(({ series: name, values }) => `${name} ${values}`),
    `${minutes} minutes`,
  ].join('\n');

export type Tally = { readonly fired: number; readonly failed: number };

/**
 * Generates scenes, asks promtool about all of them in one run, and shrinks the first on which we disagree. Gives how
 * many had something that fires, and in how many a rule could not be evaluated.
 */
export async function generatedParity(
  edition: Edition,
  scenes: fc.Arbitrary<RuleScene>,
  settings: { readonly seed: number; readonly numRuns: number },
  differences: typeof disagreementsOf = disagreementsOf,
): Promise<Tally> {
  const parameters = unbiased(settings);
  const sampled = fc.sample(scenes, parameters);
  const theirs = await firing(edition, sampled);
  const agrees = (scene: RuleScene, found: Firing | undefined): boolean =>
    found !== undefined && differences(scene, edition, found).length === 0;
  const agreed = new Set(sampled.filter((scene, index) => agrees(scene, theirs[index])).map(sceneText));
  if (agreed.size < new Set(sampled.map(sceneText)).size) {
    await fc.assert(
      fc.asyncProperty(scenes, async (scene) => {
        if (agreed.has(sceneText(scene))) return;
        const [found] = await firing(edition, [scene]);
        const reported = found === undefined ? [] : differences(scene, edition, found);
        if (reported.length > 0) throw new Error([sceneText(scene), ...reported].join('\n'));
      }),
      { ...parameters, plugins: [fc.interruptAfterTimeLimit(30_000, { failOnInterrupt: true })] },
    );
    throw new Error('promtool disagreed with us on a scene, and did not when it was asked again');
  }
  return {
    fired: theirs.filter((each) => 'minutes' in each && each.minutes.some(({ fires }) => fires.length > 0))
      .length,
    failed: theirs.filter((each) => 'failed' in each).length,
  };
}
