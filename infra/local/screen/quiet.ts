import { plural } from '../../../lambdas/engine/format.ts';
import type { Entry } from '../../../lambdas/engine/findings/report.ts';
import type { RunDocument } from '../document.ts';
import type { Places } from './places.ts';

/** A row of what is well, or is not asked. */
export type Quiet = {
  readonly outcome: 'ok' | 'not-applicable';
  readonly where: string;
  readonly text: string;
  /** Something is beyond a limit, and not for long enough yet. */
  readonly isPending: boolean;
};

const seenBy = ({ outcome, diagnoses }: Entry): string =>
  diagnoses.find((diagnosis) => diagnosis.outcome === outcome)?.seen ?? '';

/**
 * A row for what is pending, first; a row a check that is well, for all servers together; and one for each reason for which
 * checks do not apply.
 */
export function quietOf({ targets, checks }: RunDocument, places: Places): readonly Quiet[] {
  const asked = checks.filter(({ diagnoses }) => diagnoses.length > 0);
  const groupsOf = (outcome: Quiet['outcome'], keyOf: (entry: Entry) => string) => [
    ...Map.groupBy(
      asked.filter((entry) => entry.outcome === outcome),
      keyOf,
    ).values(),
  ];
  const well = [
    ...Map.groupBy(
      asked.filter((entry) => entry.outcome === 'ok' && pendingOf(entry).length === 0),
      ({ check }) => check,
    ).values(),
  ];
  const notAsked = groupsOf('not-applicable', (entry) => `${entry.check} ${seenBy(entry)}`);
  const reasonOf = (all: readonly Entry[]) =>
    JSON.stringify([all.map(({ target }) => target), all.map(seenBy).at(0)]);
  return [
    ...pendingRows(asked, targets.length, places),
    ...well.map((all) => row('ok', all, targets.length, places)),
    ...[...Map.groupBy(notAsked, reasonOf).values()].map((alike) =>
      withChecks(
        row('not-applicable', alike[0] ?? [], targets.length, places),
        alike.flatMap((all) => all.slice(0, 1)),
      ),
    ),
  ];
}

/** Of several checks that do not apply for one reason: that first, as the line may be cut. */
const withChecks = (one: Quiet, entries: readonly Entry[]): Quiet =>
  entries.length < 2
    ? one
    : { ...one, text: `${entries.map(seenBy).at(0) ?? ''}: ${entries.map(({ check }) => check).join(', ')}` };

const pendingOf = ({ diagnoses }: Entry) => diagnoses.filter(({ pending }) => pending === true);

/** Servers of which a check says the same together; beside what is wrong with them, too. */
function pendingRows(asked: readonly Entry[], targets: number, places: Places): readonly Quiet[] {
  const waiting = asked
    .filter((entry) => pendingOf(entry).length > 0)
    .map((entry) => ({
      entry,
      text: `${entry.check}: ${pendingOf(entry)
        .map(({ seen }) => seen)
        .join('; ')}`,
    }));
  return [
    ...Map.groupBy(
      waiting,
      ({ entry, text }) => `${entry.cluster} ${entry.target === null} ${text}`,
    ).values(),
  ].flatMap((alike): readonly Quiet[] => {
    const [first] = alike;
    if (first === undefined) return [];
    const names =
      alike.length === targets ? '' : `; ${alike.map(({ entry }) => places.short(entry)).join(', ')}`;
    const [where, text] =
      alike.length < 2
        ? [places.row(first.entry), first.text]
        : [plural(alike.length, 'server'), `${first.text}${names}`];
    return [{ outcome: 'ok', where, text, isPending: true }];
  });
}

function row(outcome: Quiet['outcome'], all: readonly Entry[], targets: number, places: Places): Quiet {
  const servers = all.filter(({ target }) => target !== null);
  const [first] = servers.length > 0 ? servers : all;
  if (first === undefined) return { outcome, where: '', text: '', isPending: false };
  const said = `${first.check}: ${seenBy(first)}`;
  if (servers.length < 2) return { outcome, where: places.row(first), text: said, isPending: false };
  const names = servers.length === targets ? '' : `: ${servers.map((each) => places.short(each)).join(', ')}`;
  return {
    outcome,
    where: plural(servers.length, 'server'),
    text: outcome === 'ok' ? `${first.check}${names}` : said,
    isPending: false,
  };
}
