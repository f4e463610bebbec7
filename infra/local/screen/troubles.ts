import { inline, plural } from '../../../lambdas/engine/format.ts';
import { outcomesByWeight, type Outcome, worst } from '../../../lambdas/engine/findings/outcome.ts';
import type { Answer, Entry } from '../../../lambdas/engine/findings/report.ts';
import type { Without } from '../../../lambdas/engine/judgement/without.ts';
import type { RunDocument } from '../document.ts';
import type { Place, Places } from './places.ts';
import { reasonOf } from './reason.ts';

/** A row of what is wrong, or cannot be told. */
export type Trouble = Place & {
  /** What it is about, the same from look to look. */
  readonly subject: string;
  readonly outcome: Outcome;
  readonly where: string;
  readonly text: string;
  /** Of a server that no check could read: a line, however many they are. */
  readonly isUnread: boolean;
  /** The checks that say it. */
  readonly checks: readonly string[];
};

type Target = RunDocument['targets'][number];
type Unread = Target & { readonly failure: NonNullable<Target['failure']> };

const isTrouble = (outcome: Outcome) => ['critical', 'unknown', 'warning'].includes(outcome);
const placeOf = ({ cluster, target }: Place) => `${cluster}/${target ?? ''}`;

/**
 * What is wrong, the worst first. A server that cannot be read is one row, and so is all that its cluster's checks could not
 * tell without it.
 */
export function troublesOf({ targets, checks }: RunDocument, places: Places): readonly Trouble[] {
  const unread = targets.filter((target): target is Unread => target.failure !== null);
  const said = checks.flatMap((entry) => byOutcome(entry, unread));
  const blind = said.filter(({ isBlind }) => isBlind);
  const rows = [
    ...[...Map.groupBy(blind, placeOf).values()].map((own) => blindRow(own, unread, places)),
    ...said.filter(({ isBlind }) => !isBlind).map((own) => ownRow(own, unread, places)),
  ];
  return rows.toSorted((a, b) => outcomesByWeight.indexOf(a.outcome) - outcomesByWeight.indexOf(b.outcome));
}

/** What a check said of a place with one outcome. */
type Said = Place & {
  readonly check: string;
  readonly outcome: Outcome;
  readonly answers: readonly Answer[];
  /** All that is said is that servers could not be read. */
  readonly isBlind: boolean;
};

const byOutcome = (
  { check, cluster, target, diagnoses }: Entry,
  unread: readonly Unread[],
): readonly Said[] => {
  const isBlind = (answer: Answer) =>
    answer.without?.alone === true &&
    (target !== null || answer.outcome === 'unknown') &&
    lacksOnly(answer.without, ofCluster(unread, cluster));
  return [...Map.groupBy(diagnoses, (answer) => `${answer.outcome} ${isBlind(answer)}`).values()].flatMap(
    (answers) => {
      const [first] = answers;
      return first === undefined || !isTrouble(first.outcome)
        ? []
        : [{ check, cluster, target, outcome: first.outcome, answers, isBlind: isBlind(first) }];
    },
  );
};

const ofCluster = (unread: readonly Unread[], cluster: string) =>
  unread.filter((each) => each.cluster === cluster);

/** Whether servers that have rows of their own are all of those. */
const lacksOnly = ({ servers }: Without, unread: readonly Unread[]): boolean =>
  servers.every((server) => unread.some(({ name }) => name === server));

function blindRow(said: readonly Said[], unread: readonly Unread[], places: Places): Trouble {
  const [{ cluster, target } = { cluster: '', target: null }] = said;
  const checks = [...new Set(said.map(({ check }) => check))];
  const servers = new Set(
    said.flatMap(({ answers }) => answers.flatMap(({ without }) => without?.servers ?? [])),
  );
  const lacking = ofCluster(unread, cluster).filter(({ name }) => servers.has(name));
  const own = lacking.find(({ name }) => name === target);
  const others =
    lacking.length > 1
      ? plural(lacking.length, 'server')
      : inline(lacking.map(({ name }) => places.short({ cluster, target: name })));
  return {
    ...{ cluster, target, checks },
    subject: placeOf({ cluster, target }),
    outcome: worst(said.map(({ outcome }) => outcome)),
    where: places.row({ cluster, target }),
    isUnread: own !== undefined,
    text:
      own === undefined
        ? `${plural(checks.length, 'check')} cannot tell without ${others}: ${checks.join(', ')}`
        : reasonOf(own.failure, own),
  };
}

function ownRow(
  { check, answers, outcome, cluster, target }: Said,
  unread: readonly Unread[],
  places: Places,
): Trouble {
  const place = { cluster, target };
  const lacking = ofCluster(unread, cluster);
  /** That servers could not be read has rows of its own. */
  const known = ({ seen, without }: Answer) => (without && lacksOnly(without, lacking) ? without.seen : seen);
  const ofTarget = `${target ?? ''} `;
  const texts = answers
    .map(known)
    .map((text) => (text.startsWith(`${ofTarget}/`) ? text.slice(ofTarget.length) : text));
  return {
    ...place,
    checks: [check],
    subject: `${placeOf(place)} ${check}`,
    outcome,
    where: places.row(place),
    text: `${check}: ${[...new Set(texts)].join('; ')}`,
    isUnread: false,
  };
}
