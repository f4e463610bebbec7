import { metricName, written } from '../../../../lambdas/promql/index.ts';
import { togetherSeries } from '../../../../lambdas/rules/plan.ts';
import type { Compared } from '../../../cloudwatch/alarm-spec.ts';

/** What keeps the alarm of a rule silent about servers that went down with all others of their cluster. */
export const unlessTogether = `\nunless ${togetherSeries.server} == 1`;

/** Whether an alarm is silent about these. */
export const isSilentOfTogether = (compared: Compared): boolean =>
  compared.kind === 'promql' && compared.query.endsWith(unlessTogether);

/** Has a result while all servers of the cluster are down. */
export const allDownQuery = (cluster: string): string =>
  `${written({ [metricName]: togetherSeries.cluster, cluster })} == 1`;
