import type { Enrichment, Entity, Severity, Unit } from '../../define.ts';
import { severities } from '../../limits.ts';

export type Level = Exclude<Severity, 'info'>;
export const levels = severities.filter((severity) => severity !== 'info');

/** Orders severities. */
export const worstFirst = (a: Severity, b: Severity): number => severities.indexOf(a) - severities.indexOf(b);

/** A level of one finding between runs; times are epoch ms. */
export type LevelState = {
  readonly since: number;
  readonly lastSeen: number;
  /** Null while `for` is not over yet. */
  readonly opened: number | null;
  /** Runs in a row that looked and did not find it. */
  readonly cleared: number;
};

/** What memory keeps of a finding that is open or pending. */
export type FindingState = {
  readonly diagnosis: string;
  readonly target: string | null;
  readonly entity: Entity;
  readonly levels: { readonly [L in Level]?: LevelState };
  /** When the mildest of its levels was first crossed, epoch ms. */
  readonly since: number;
  /** The severity last announced; null while nothing was. */
  readonly announced: Level | null;
  readonly highestAnnounced: Level | null;
  readonly toldAt: number;
  /** It was already so when watching began: for how long is not known. */
  readonly sinceUnknown: boolean;
  readonly firstObserved: number;
  readonly observed: number;
  readonly limit: number;
  readonly unit: Unit;
  /** The limit's name, which tells whether a rule's alarm covers it. */
  readonly limitName: string;
  /** As it was last described; empty while nothing was opened. */
  readonly summary: string;
  /** What detail readings added when it was last reported. */
  readonly enriched: Enrichment;
  /** Its key may hold the name as earlier releases cut it. */
  readonly mayBeCut?: true;
};

/** The worst of its levels that is open; null where none is, or `for` is not over. */
export const openSeverity = ({ levels: own }: Pick<FindingState, 'levels'>): Level | null =>
  levels.find((level) => (own[level]?.opened ?? null) !== null) ?? null;
