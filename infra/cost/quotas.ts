import { formatCount, plural } from '../../lambdas/engine/format.ts';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';
import { samplesScanned, seriesCompared } from './rule-cost.ts';

/**
 * AWS' quotas that a deployment may meet: alarms a Region by default, of CloudWatch's page cloudwatch_limits; series of a
 * PromQL query, and samples that it reads of 24 hours, of CloudWatch-PromQL-Querying.
 */
const quotas = { alarms: 5_000, series: 500, samples: 300_000_000 } as const;

/** From here on other alarms of the account may be what exceeds a quota. */
const near = 0.8;

/** What of the deployment exceeds quotas or nears them, a line each. Pure. */
export function quotaWarnings(
  input: Pick<AlarmInput, 'settings' | 'translated'>,
  specs: readonly AlarmSpec[],
): readonly string[] {
  const over = (of: (spec: AlarmSpec) => number, most: number) =>
    specs.filter((spec) => of(spec) > most).map(({ name }) => name);
  const wide = over((spec) => seriesCompared(spec, input), quotas.series);
  const long = over((spec) => samplesScanned(spec, input), quotas.samples);
  return [
    ...alarmsOfRegion(specs.length),
    ...(wide.length === 0
      ? []
      : [
          `${plural(wide.length, 'PromQL alarm')} may have more than ${quotas.series} series, the most that CloudWatch looks at (alarms.entities is ${formatCount(input.settings.alarms.entities)}): ${wide.join(', ')}`,
        ]),
    ...(long.length === 0
      ? []
      : [
          `${plural(long.length, 'PromQL alarm')} may read more than ${formatCount(quotas.samples)} samples, which CloudWatch does not: ${long.join(', ')}`,
        ]),
  ];
}

function alarmsOfRegion(alarms: number): readonly string[] {
  const quota = `an account's ${formatCount(quotas.alarms)} in a Region`;
  const ask = 'Service Quotas raises it on request';
  if (alarms > quotas.alarms) return [`${formatCount(alarms)} alarms are more than ${quota}: ${ask}`];
  if (alarms > quotas.alarms * near)
    return [
      `${formatCount(alarms)} alarms are most of ${quota}, which other alarms of the account count in too: ${ask}`,
    ];
  return [];
}
