import type { Duration } from '../durations.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Endpoint } from './reads.ts';
import type { Series } from './series.ts';

/** Checks whose open findings have one alarm together, by severity: what tends to have one cause, and is looked at as often. */
export const checkGroups = [
  'servers',
  'links',
  'connections',
  'clients',
  'accounts',
  'leafnodes',
  'jetstream',
  'consumers',
  'configuration',
  'rules',
] as const;
export type CheckGroup = (typeof checkGroups)[number];

/** What one Lambda runs on one schedule: diagnoses that share readings, and the series they stand on. */
export type Check = {
  /** Kebab-case: file name, heading in the catalogue, function name, alarm path segment. */
  readonly id: string;
  readonly title: string;
  readonly group: CheckGroup;
  /** A minute, or where servers change slower than that, or are asked for much, a few. */
  readonly every: Duration;
  /**
   * Endpoints whose failure this check reports (SERVER_102). Each endpoint has one such check, so that one that fails is
   * reported once; in the others it is quietly unknown.
   */
  readonly answersFor: readonly Endpoint[];
  /** What its answers come from: its diagnoses, or the deployment's rules. */
  readonly evaluates: 'diagnoses' | 'rules';
  readonly diagnoses: readonly Diagnosis[];
  readonly series: readonly Series[];
};

export const defineCheck = (
  check: Omit<Check, 'answersFor' | 'evaluates'> & Partial<Pick<Check, 'answersFor' | 'evaluates'>>,
): Check => ({ answersFor: [], evaluates: 'diagnoses', ...check });
