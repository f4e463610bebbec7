import { inline, plural } from '../../../lambdas/engine/format.ts';
import { outcomesByWeight, type Outcome, worst } from '../../../lambdas/engine/findings/outcome.ts';
import type { Entry } from '../../../lambdas/engine/findings/report.ts';
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
  const entries = checks.flatMap(byOutcome);
  const isBlind = (entry: Said) => lacksOnly(entry, unread);
  const blind = Map.groupBy(entries.filter(isBlind), placeOf);
  const rows = [
    ...[...blind.values()].map((said) => blindRow(said, unread, places)),
    ...entries.filter((entry) => !isBlind(entry)).map((entry) => ownRow(entry, unread, places)),
  ];
  return rows.toSorted((a, b) => outcomesByWeight.indexOf(a.outcome) - outcomesByWeight.indexOf(b.outcome));
}

/** What a check said of a place with one outcome. */
type Said = Place & { readonly check: string; readonly outcome: Outcome; readonly seen: readonly string[] };

const byOutcome = ({ check, cluster, target, diagnoses }: Entry): readonly Said[] =>
  [...Map.groupBy(diagnoses, ({ outcome }) => outcome)]
    .filter(([outcome]) => isTrouble(outcome))
    .map(([outcome, own]) => ({
      ...{ check, cluster, target, outcome },
      seen: [...new Set(own.map(({ seen }) => seen))],
    }));

const ofCluster = (unread: readonly Unread[], { cluster }: Place) =>
  unread.filter((each) => each.cluster === cluster);

/** Whether all that is said is that servers could not be read. */
function lacksOnly({ outcome, seen, ...place }: Said, unread: readonly Unread[]): boolean {
  const lacking = ofCluster(unread, place);
  if (place.target !== null)
    return lacking.some(
      ({ name, failure }) => name === place.target && seen.every((text) => text === failure.message),
    );
  const names = (text: string) => lacking.some(({ name }) => text.includes(name));
  return (
    outcome === 'unknown' &&
    seen.every(
      (text) =>
        lacking.some(({ failure }) => text.includes(failure.message)) ||
        (lacksServers.test(text) && names(text)),
    )
  );
}

/** In the words of engine/unseen.ts. */
const lacksServers = /\bcould not be read\b/;

function blindRow(said: readonly Said[], unread: readonly Unread[], places: Places): Trouble {
  const [{ cluster, target } = { cluster: '', target: null }] = said;
  const checks = said.map(({ check }) => check);
  const lacking = ofCluster(unread, { cluster, target });
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
  { check, seen, outcome, ...place }: Said,
  unread: readonly Unread[],
  places: Places,
): Trouble {
  const lacking = ofCluster(unread, place);
  /** That servers could not be read has rows of its own. */
  const known = (text: string) => {
    const parts = text.split('; ');
    const told = parts.filter(
      (part) => !(lacksServers.test(part) && lacking.some(({ name }) => part.includes(name))),
    );
    return (told.length === 0 ? parts : told).join('; ');
  };
  const ofTarget = `${place.target ?? ''} `;
  const texts = seen
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
