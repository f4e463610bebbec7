import { plural } from '../../../lambdas/engine/format.ts';
import type { Entry } from '../../../lambdas/engine/findings/report.ts';
import type { RunDocument } from '../document.ts';
import type { Places } from './places.ts';

/** A row of what is well, or is not asked. */
export type Quiet = {
  readonly outcome: 'ok' | 'not-applicable';
  readonly where: string;
  readonly text: string;
};

const seenBy = ({ outcome, diagnoses }: Entry): string =>
  diagnoses.find((diagnosis) => diagnosis.outcome === outcome)?.seen ?? '';

/** A row a check that is well, for all servers together; and one for each reason for which a check does not apply. */
export function quietOf({ targets, checks }: RunDocument, places: Places): readonly Quiet[] {
  const asked = checks.filter(({ diagnoses }) => diagnoses.length > 0);
  const rowsOf = (outcome: Quiet['outcome'], keyOf: (entry: Entry) => string): readonly Quiet[] => {
    const entries = asked.filter((entry) => entry.outcome === outcome);
    return [...Map.groupBy(entries, keyOf).values()].map((all) => row(outcome, all, targets.length, places));
  };
  return [
    ...rowsOf('ok', ({ check }) => check),
    ...rowsOf('not-applicable', (entry) => `${entry.check} ${seenBy(entry)}`),
  ];
}

function row(outcome: Quiet['outcome'], all: readonly Entry[], targets: number, places: Places): Quiet {
  const servers = all.filter(({ target }) => target !== null);
  const [first] = servers.length > 0 ? servers : all;
  if (first === undefined) return { outcome, where: '', text: '' };
  const said = `${first.check}: ${seenBy(first)}`;
  if (servers.length < 2) return { outcome, where: places.row(first), text: said };
  const names = servers.length === targets ? '' : `: ${servers.map((each) => places.short(each)).join(', ')}`;
  return {
    outcome,
    where: plural(servers.length, 'server'),
    text: outcome === 'ok' ? `${first.check}${names}` : said,
  };
}
