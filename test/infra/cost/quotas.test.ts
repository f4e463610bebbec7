import { describe, expect, it } from 'vitest';
import { quotaWarnings } from '../../../infra/cost/quotas.ts';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import type { AlarmSpec } from '../../../infra/cloudwatch/alarm-spec.ts';
import { understand } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';

const servers = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `hub${i + 1}`, url: `http://hub${i + 1}:8222` }));
const loaded = (settings: object = {}, targets = 1) => {
  const [some, others] = [servers(targets).slice(0, 500), servers(targets).slice(500)];
  const clusters = [
    { name: 'prod', targets: some },
    ...(others.length > 0 ? [{ name: 'more', targets: others }] : []),
  ];
  return understand({ clusters, ...settings }, 'settings', checks);
};

describe('synth warns of the alarms of a Region', () => {
  const input = loaded();
  const [any] = alarmSpecs({ checks, ...input });
  if (any === undefined) throw new Error('a deployment without alarms');
  const warnings = (alarms: number) =>
    quotaWarnings(
      input,
      Array.from({ length: alarms }, () => any),
    );

  it.each([
    [4_000, []],
    [
      4_001,
      [
        "4,001 alarms are most of an account's 5,000 in a Region, which other alarms of the account count in too: Service Quotas raises it on request",
      ],
    ],
    [
      5_000,
      [
        "5,000 alarms are most of an account's 5,000 in a Region, which other alarms of the account count in too: Service Quotas raises it on request",
      ],
    ],
    [
      5_001,
      ["5,001 alarms are more than an account's 5,000 in a Region: Service Quotas raises it on request"],
    ],
  ])('%i of them', (alarms, expected) => {
    expect(warnings(alarms)).toEqual(expected);
  });
});

describe('synth warns of PromQL alarms', () => {
  const ofQuery = (query: string, targets: number, entities = 1_000) => {
    const input = loaded({ alarms: { engine: 'promql', entities } }, targets);
    const [first] = input.translated.specs;
    if (first === undefined) throw new Error('no rule is translated');
    const compared = { kind: 'promql', query, pendingSeconds: 0, recoverySeconds: 0 } as const;
    const spec: AlarmSpec = { ...first, name: 'nats/prod/Asked/warning', compared };
    return quotaWarnings(input, [spec]);
  };

  it('that may have more than 500 series: servers', () => {
    expect(ofQuery('gnatsd_varz_mem > 1', 500)).toEqual([]);
    expect(ofQuery('gnatsd_varz_mem > 1', 501)).toEqual([
      '1 PromQL alarm may have more than 500 series, the most that CloudWatch looks at (alarms.entities is 1,000): nats/prod/Asked/warning',
    ]);
  });

  it('that may have more than 500 series: consumers of servers', () => {
    expect(ofQuery('jetstream_consumer_num_pending > 1', 2, 250)).toEqual([]);
    expect(ofQuery('jetstream_consumer_num_pending > 1', 2, 251)).toEqual([
      '1 PromQL alarm may have more than 500 series, the most that CloudWatch looks at (alarms.entities is 251): nats/prod/Asked/warning',
    ]);
  });

  it('that may read more than 300 million samples', () => {
    const samples = (entities: number) =>
      ofQuery('max_over_time(jetstream_consumer_num_pending[999m]) > 1', 1, entities).filter((each) =>
        each.includes('samples'),
      );
    expect(samples(300_000)).toEqual([]);
    expect(samples(300_001)).toEqual([
      '1 PromQL alarm may read more than 300,000,000 samples, which CloudWatch does not: nats/prod/Asked/warning',
    ]);
  });

  it('and of nothing in the classic engine', () => {
    expect(quotaWarnings(loaded({}, 300), loaded({}, 300).translated.specs)).toEqual([]);
  });
});
