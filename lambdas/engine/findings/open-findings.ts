import type { Check, ClusterFacts } from '../../define.ts';
import type { LimitBook } from '../../limits.ts';
import { coveringAlarm } from '../alarm-names.ts';
import type { Judgement } from '../judgement/judge.ts';
import type { Observed } from '../judgement/observe.ts';
import { levels, openSeverity, type FindingState, type Level } from './finding-state.ts';
import { uncovered } from './uncovered.ts';

/** The series that counts the open findings of a group of checks by severity; each check publishes its own. */
export const openFindingsSeries = 'nats_findings_open';

/**
 * How many findings of a check are open, by severity and zero included, for severities that they can have; those that a rule's
 * alarm pages for do not count.
 */
export function openFindings(
  check: Check,
  states: readonly FindingState[],
  about: { readonly facts: ClusterFacts; readonly book: LimitBook },
): readonly Observed[] {
  const { facts } = about;
  const isCounted = ({ diagnosis: id, limitName }: FindingState, severity: Level) => {
    const diagnosis = check.diagnoses.find((each) => each.id === id);
    return diagnosis !== undefined && coveringAlarm(diagnosis, limitName, severity, facts) === undefined;
  };
  return levels
    .filter((severity) => uncovered(check, severity, about).length > 0)
    .map((severity) => ({
      target: null,
      observation: {
        series: openFindingsSeries,
        labels: { cluster: facts.name, group: check.group, severity },
        value: states.filter(
          (state) =>
            state.announced === severity && openSeverity(state) !== null && isCounted(state, severity),
        ).length,
      },
    }));
}

/** The check's series that count open findings of some of its diagnoses, whoever pages for them, where one of these could see. */
export const foundSeries = (
  { series }: Check,
  states: readonly FindingState[],
  judgements: readonly Pick<Judgement, 'diagnosis' | 'verdict'>[],
  { name: cluster }: Pick<ClusterFacts, 'name'>,
): readonly Observed[] =>
  series.flatMap((each) => {
    if (!('finds' in each)) return [];
    const ids = each.finds.map(({ id }) => id);
    if (!judgements.some(({ diagnosis: { id }, verdict }) => verdict === 'measured' && ids.includes(id)))
      return [];
    const open = states.filter((state) => ids.includes(state.diagnosis) && openSeverity(state) !== null);
    return [{ target: null, observation: { series: each.name, labels: { cluster }, value: open.length } }];
  });
