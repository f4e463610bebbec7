import type { Check, ClusterFacts, Severity } from '../../define.ts';
import { coveringAlarm } from '../alarm-names.ts';
import type { Observed } from '../judgement/observe.ts';
import { levels, openSeverity, type FindingState } from './finding-state.ts';

/** The series that counts a check's open findings by severity. */
export const openFindingsSeries = 'nats_findings_open';

/** How many findings are open, by severity and zero included; those that a rule's alarm pages for do not count. */
export function openFindings(
  check: Check,
  states: readonly FindingState[],
  facts: ClusterFacts,
): readonly Observed[] {
  const isCounted = ({ diagnosis: id, limitName }: FindingState, severity: Severity) => {
    const diagnosis = check.diagnoses.find((each) => each.id === id);
    return diagnosis !== undefined && coveringAlarm(diagnosis, limitName, severity, facts) === undefined;
  };
  return levels.map((severity) => ({
    target: null,
    observation: {
      series: openFindingsSeries,
      labels: { cluster: facts.name, check: check.id, severity },
      value: states.filter(
        (state) => state.announced === severity && openSeverity(state) !== null && isCounted(state, severity),
      ).length,
    },
  }));
}
