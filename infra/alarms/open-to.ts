import type { Check, CheckGroup, Diagnosis } from '../../lambdas/define.ts';
import { uncovered } from '../../lambdas/engine/findings/uncovered.ts';
import { notEvaluated } from '../../lambdas/rules/findings/rule-101-not-evaluated.ts';
import { samplesNotTaken } from '../../lambdas/rules/findings/rule-102-samples-not-taken.ts';
import type { PagingSeverity } from '../cloudwatch/alarm-spec.ts';
import { mostServersOf, type ClusterSettings } from '../../lambdas/settings.ts';
import type { AlarmInput } from './alarm-input.ts';

/** A check, and what of it can be found at a severity without that a rule pages for it; never empty. */
export type Finder = { readonly check: Check; readonly diagnoses: readonly Diagnosis[] };

type Input = Pick<AlarmInput, 'checks' | 'book' | 'translated'> & {
  readonly settings: Pick<AlarmInput['settings'], 'alarms'>;
};

/** The checks of a group that publish how many findings of a severity are open in a cluster. */
export function findersOf(
  group: CheckGroup,
  severity: PagingSeverity,
  cluster: ClusterSettings,
  { checks, book, translated, settings }: Input,
): readonly Finder[] {
  const facts = {
    covered: translated.plan.covers[cluster.name] ?? {},
    expect: cluster.expect,
    mostServers: mostServersOf(cluster),
  };
  const ofRules = [settings.alarms.engine === 'promql' ? samplesNotTaken : notEvaluated];
  return checks
    .filter((check) => check.group === group)
    .flatMap((check): Finder[] => {
      const run = check.evaluates === 'rules' ? [...check.diagnoses, ...ofRules] : check.diagnoses;
      const diagnoses = uncovered({ diagnoses: run }, severity, { book, facts });
      return diagnoses.length === 0 ? [] : [{ check, diagnoses }];
    });
}
