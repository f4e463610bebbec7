import { formatCount, plural } from '../../engine/format.ts';
import type { Judgement } from '../../engine/judgement/judge.ts';
import { engineDiagnosis } from './engine-diagnosis.ts';

/** What became of the samples of one run. */
export type Sent = {
  readonly offered: number;
  readonly taken: number;
  /** Why the others were not taken, the most telling first. */
  readonly reasons: readonly string[];
};

const { diagnosis, judge } = engineDiagnosis<Sent>({
  id: 'RULE_102',
  title: 'CloudWatch does not take all samples that rules read',
  limit: 'lost',
  of: 'samples of a run that CloudWatch does not take',
  why:
    'To a PromQL alarm a series that does not come has recovered: rules that read what is missing page for nothing, ' +
    'whatever happens.',
  remedy:
    'Read the reasons (evidence; all of them are in the log of check rule-series). A request that fails: look at route, ' +
    'VPC endpoint and the role of the function (cloudwatch:PutMetricData). Points that are refused or rejected: narrow ' +
    'the selectors of rules, or take the engine classic, which publishes one series a rule. Samples of several things that ' +
    'no label tells apart: it would be chance which of them counts, so none is sent; give them different names or subjects.',
  describe: ({ offered, taken, reasons }) => ({
    summary: `CloudWatch took ${formatCount(taken)} of ${plural(offered, 'sample')} that rules read.`,
    evidence: reasons,
    commands: {
      nats: 'nats server list',
      curl: "curl -sS -m 5 -o /dev/null -w '%{http_code}\\n' 'https://monitoring.REGION.amazonaws.com/'",
    },
  }),
});

/** The alarm on `nats_series_sent` is about none taken at all; this is about some of them too. */
export { diagnosis as samplesNotTaken };

/**
 * Whether all samples of a run were taken.
 * @param blind that not all could be read; null where it was
 */
export function judgeSent(sent: Sent, cluster: string, blind: string | null = null): Judgement {
  const { offered, taken } = sent;
  const lost = offered - taken;
  const seen =
    lost === 0
      ? `${plural(offered, 'sample')} for CloudWatch${blind === null ? '' : `; ${blind}`}`
      : `CloudWatch took ${formatCount(taken)} of ${plural(offered, 'sample')}`;
  return judge(seen, blind === null, [
    { entity: { kind: 'cluster', name: cluster }, value: lost, data: sent },
  ]);
}
