import type { ValueType } from '../ast.ts';
import type { Edition } from '../edition.ts';

export type Signature = {
  readonly takes: readonly ValueType[];
  /** How many of the last arguments may be left out. */
  readonly optional?: number;
  /** The last argument may be repeated, or left out. */
  readonly repeats?: boolean;
  readonly gives: ValueType;
};

const ofVector: Signature = { takes: ['vector'], gives: 'vector' };
const ofRange: Signature = { takes: ['range'], gives: 'vector' };
const ofTime: Signature = { takes: ['vector'], optional: 1, gives: 'vector' };

const all = (names: string, signature: Signature): readonly (readonly [string, Signature])[] =>
  names.split(' ').map((name) => [name, signature] as const);

/** Every function that Prometheus 2.42 and 3.5 know without a feature flag (promql/parser/functions.go). */
export const functions: ReadonlyMap<string, Signature> = new Map([
  ...all('abs absent ceil exp floor ln log2 log10 sgn sort sort_desc sqrt timestamp', ofVector),
  ...all('acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh deg rad', ofVector),
  ...all('minute hour day_of_month day_of_week day_of_year days_in_month month year', ofTime),
  ...all('rate increase delta irate idelta deriv changes resets absent_over_time', ofRange),
  ...all('avg_over_time count_over_time last_over_time max_over_time min_over_time', ofRange),
  ...all('present_over_time stddev_over_time stdvar_over_time sum_over_time', ofRange),
  ...all('clamp', { takes: ['vector', 'scalar', 'scalar'], gives: 'vector' }),
  ...all('clamp_max clamp_min', { takes: ['vector', 'scalar'], gives: 'vector' }),
  ...all('round', { takes: ['vector', 'scalar'], optional: 1, gives: 'vector' }),
  ...all('quantile_over_time', { takes: ['scalar', 'range'], gives: 'vector' }),
  ...all('holt_winters', { takes: ['range', 'scalar', 'scalar'], gives: 'vector' }),
  ...all('predict_linear', { takes: ['range', 'scalar'], gives: 'vector' }),
  ...all('label_replace', { takes: ['vector', 'string', 'string', 'string', 'string'], gives: 'vector' }),
  ...all('label_join', {
    takes: ['vector', 'string', 'string', 'string'],
    repeats: true,
    gives: 'vector',
  }),
  ...all('scalar', { takes: ['vector'], gives: 'scalar' }),
  ...all('vector', { takes: ['scalar'], gives: 'vector' }),
  ...all('time pi', { takes: [], gives: 'scalar' }),
  ...all('histogram_avg histogram_count histogram_stddev histogram_stdvar histogram_sum', ofVector),
  ...all('histogram_fraction', { takes: ['scalar', 'scalar', 'vector'], gives: 'vector' }),
  ...all('histogram_quantile', { takes: ['scalar', 'vector'], gives: 'vector' }),
]);

/** NATS' monitoring serves no histograms, so nothing here evaluates these. */
export const isHistogramFunction = (name: string): boolean => name.startsWith('histogram_');

/** Known to the grammar, refused by Prometheus 3.5 unless it runs with a feature flag, and unknown to 2.42. */
const experimentalFunctions: ReadonlySet<string> = new Set(
  (
    'double_exponential_smoothing first_over_time info mad_over_time sort_by_label sort_by_label_desc ' +
    'ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time'
  ).split(' '),
);

/** One function, which is experimental since it has the newer name. */
const smoothing = { until3: 'holt_winters', since3: 'double_exponential_smoothing' };

/** Functions of edition 3 that 2.42 does not know. */
const functionsSince3: ReadonlySet<string> = new Set([
  'histogram_avg',
  'histogram_stddev',
  'histogram_stdvar',
]);

/** A function's signature, or why Prometheus takes no function of this name. */
export function functionOf(name: string, edition: Edition): Signature | string {
  const isExperimental = experimentalFunctions.has(name);
  if (edition === 2 && (isExperimental || functionsSince3.has(name))) {
    const former = name === smoothing.since3 ? `: write ${smoothing.until3}, its name there` : '';
    return `there is no function ${name} in Prometheus 2.42${former}`;
  }
  if (edition === 3 && name === smoothing.until3)
    return (
      `there is no function ${name} in Prometheus 3, where it is ${smoothing.since3} and experimental, so that ` +
      'Prometheus refuses that, too'
    );
  if (isExperimental) return `the function ${name} is experimental, and Prometheus refuses it`;
  return functions.get(name) ?? `there is no function ${name}`;
}
