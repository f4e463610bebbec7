import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../lambdas/readings/reading.ts';
import { targetOf } from '../../../lambdas/rules/identity.ts';
import { seriesRead } from '../../../lambdas/rules/names-read.ts';
import type { PlannedAlert } from '../../../lambdas/rules/plan.ts';
import type { ReadTarget } from '../../../lambdas/rules/read-series.ts';
import { ruleDiagnosis } from '../../../lambdas/rules/findings/rule-findings.ts';
import { judgementsOf } from '../../../lambdas/rules/findings/rule-judgements.ts';
import type { AlertResult, Entity } from '../../../lambdas/rules/evaluation/run-rules.ts';
import { target } from '../../engine/fake-ports.ts';
import { firstMinute, varz } from '../../kit.ts';
import { alertOf, compiledAlert, compiledFor, planOf } from '../planned.ts';

const timeout: Failure = { code: 'timeout', message: 'n2 /jsz: no reply' };

type Server = { readonly failure?: Failure; readonly samples?: number };

/** A server that answered, with one sample of each series. */
const server = (name: string, { failure, samples = 1 }: Server = {}): ReadTarget => ({
  target: target(name),
  varz: { ok: true, value: varz() },
  failures: () => [],
  samplesOf: () => Array.from({ length: samples }, () => ({ labels: { server_id: name }, value: 1 })),
  failureOf: () => failure ?? null,
});

const entity = (state: Entity['state'], value: number, labels: Entity['labels']): Entity => ({
  labels,
  value,
  activeAt: firstMinute,
  state,
});

type Said = { readonly value?: number; readonly entities?: readonly Entity[] };

/** What a rule says of these servers, by what its evaluation gave: by server, '' for the cluster. */
function judged(
  expr: string,
  results: Readonly<Record<string, Said>>,
  servers: readonly ReadTarget[] = [server('n1'), server('n2')],
  changes: Partial<PlannedAlert> = {},
) {
  const compiled = compiledFor(planOf([alertOf('Rule', expr, changes)]));
  const alert = compiledAlert(compiled);
  const series = seriesRead(alert, compiled);
  const evaluated = {
    alert,
    series,
    diagnosis: ruleDiagnosis(alert, series, compiled.targets),
    results: Object.entries(results).map(([name, { value = 0, entities = [] }]): AlertResult => ({
      alert,
      target: name || null,
      points: [{ at: firstMinute, value }],
      entities,
    })),
  };
  return judgementsOf(evaluated, {
    cluster: 'c1',
    read: servers,
    serverOf: (labels) => targetOf(labels, compiled.targets),
  });
}

/** In short: `n1 measured, looked: Rule does not fire`. */
const short = (...given: Parameters<typeof judged>) =>
  judged(...given).map(
    ({ target: of, verdict, conclusive, seen }) =>
      `${of?.name ?? 'cluster'} ${verdict}, ${conclusive ? 'looked' : 'did not look'}: ${seen}`,
  );

const pending = 'jetstream_consumer_num_pending > 10';
const total = 'sum(jetstream_consumer_num_pending) > 10';

describe('a rule that does not fire', () => {
  it('says the value that is nearest to it', () => {
    expect(short(pending, { n1: { value: 7 }, n2: { value: 9.5 } })).toEqual([
      'n1 measured, looked: Rule does not fire: 7',
      'n2 measured, looked: Rule does not fire: 9.5',
    ]);
  });

  it('says none where the threshold was published for want of one', () => {
    expect(short(pending, { n1: { value: 10 }, n2: { value: 10 } })).toEqual([
      'n1 measured, looked: Rule does not fire',
      'n2 measured, looked: Rule does not fire',
    ]);
  });

  it('says none where there is none to compare', () => {
    expect(short('absent(up)', { '': { value: 0 } })).toEqual([
      'cluster measured, looked: Rule does not fire',
    ]);
  });

  it('says that it waits', () => {
    const entities = [entity('pending', 12, { server_id: 'n1' })];
    expect(short(pending, { n1: { value: 12, entities }, n2: {} })[0]).toBe(
      'n1 measured, looked: Rule holds, but not for long enough yet',
    );
  });

  it('does not concern a server that lacks what it reads of servers', () => {
    const lacking = server('n2', { samples: 0 });
    expect(short('gnatsd_varz_mem + 0 > 1', { n1: {}, n2: {} }, [server('n1'), lacking])[1]).toBe(
      'n2 not-applicable, looked: n2 does not show gnatsd_varz_mem',
    );
  });

  it('looked where there is no consumer, stream or connection to look at', () => {
    const empty = server('n2', { samples: 0 });
    expect(short(pending, { n1: {}, n2: {} }, [server('n1'), empty])[1]).toBe(
      'n2 measured, looked: Rule does not fire: 0',
    );
  });

  it('is about the servers that it selects alone', () => {
    expect(short('jetstream_consumer_num_pending{server_id="n2"} > 10', { n2: {} })).toEqual([
      'n2 measured, looked: Rule does not fire: 0',
    ]);
  });
});

describe('a rule that fires', () => {
  const worst = entity('firing', 40, { server_id: 'n1', consumer_name: 'a' });
  const other = entity('firing', 20, { server_id: 'n1', consumer_name: 'b' });
  const waiting = entity('pending', 99, { server_id: 'n1', consumer_name: 'c' });
  const result = { value: 99, entities: [worst, other, waiting] };

  it('crosses its own threshold with the worst that fires, which the finding is told from', () => {
    const [judgement] = judged(pending, { n1: result, n2: {} });
    expect(judgement?.breaches).toEqual([
      {
        measurement: {
          limit: 'fires',
          entity: { kind: 'server', name: 'n1' },
          value: 40,
          data: { firing: [worst, other], at: target('n1') },
        },
        levels: [{ severity: 'warning', level: 10 }],
      },
    ]);
  });

  it('crosses 1 where it compares nothing, in its own severity', () => {
    const [judgement] = judged('absent(up)', { '': { value: 1, entities: [entity('firing', 1, {})] } }, [], {
      severity: 'critical',
    });
    expect(judgement?.breaches).toEqual([
      {
        measurement: {
          limit: 'fires',
          entity: { kind: 'cluster', name: 'c1' },
          value: 1,
          data: { firing: [entity('firing', 1, {})], at: null },
        },
        levels: [{ severity: 'critical', level: 1 }],
      },
    ]);
  });

  it('for the cluster shows where to look by the server of its worst element', () => {
    const ofInstance = entity('firing', 40, { instance: 'n2:8222' });
    const byJob = 'sum by (job) (jetstream_consumer_num_pending) > 10';
    const [cluster] = judged(byJob, { '': { entities: [ofInstance] } });
    expect(cluster?.breaches[0]?.measurement.data).toMatchObject({ at: target('n2') });
  });

  it('for the cluster without a server shows where to look by one that has what it reads', () => {
    const entities = [entity('firing', 40, { job: 'nats' })];
    const at = (servers: readonly ReadTarget[]) =>
      judged('sum by (job) (jetstream_consumer_num_pending) > 10', { '': { entities } }, servers)[0]
        ?.breaches[0]?.measurement.data;
    expect([
      at([server('n1', { samples: 0 }), server('n2')]),
      at([server('n1', { samples: 0 })]),
    ]).toMatchObject([{ at: target('n2') }, { at: target('n1') }]);
  });

  it('with an infinite value tells the largest there is: JSON has no infinity', () => {
    const entities = [entity('firing', Infinity, { server_id: 'n1' })];
    const [judgement] = judged(pending, { n1: { entities }, n2: {} });
    expect(judgement?.breaches[0]?.measurement.value).toBe(2 ** 360);
  });
});

describe('what could not be read', () => {
  const blind = [server('n1'), server('n2', { failure: timeout })];

  it('is unknown on its server, never well, and leaves the others alone', () => {
    expect(short(pending, { n1: { value: 7 }, n2: { value: 10 } }, blind)).toEqual([
      'n1 measured, looked: Rule does not fire: 7',
      'n2 unknown, did not look: n2 /jsz: no reply',
    ]);
  });

  it('is unknown while a rule waits on what it read before', () => {
    const entities = [entity('pending', 12, { server_id: 'n2' })];
    expect(short(pending, { n1: {}, n2: { value: 12, entities } }, blind)[1]).toBe(
      'n2 unknown, did not look: n2 /jsz: no reply',
    );
  });

  it('does not hide that the rule fires', () => {
    const entities = [entity('firing', 12, { server_id: 'n2' })];
    expect(short(pending, { n1: {}, n2: { value: 12, entities } }, blind)[1]).toBe(
      'n2 measured, looked: Rule fires',
    );
  });

  it('makes a rule over all servers one that did not look', () => {
    expect(short(total, { '': { value: 7 } }, blind)).toEqual([
      'cluster measured, did not look: Rule does not fire: 7; n2 could not be read',
    ]);
  });

  it('is nothing to a rule over other servers', () => {
    const ofFirst = 'sum(jetstream_consumer_num_pending{server_id="n1"}) > 10';
    expect(short(ofFirst, { '': { value: 7 } }, blind)).toEqual([
      'cluster measured, looked: Rule does not fire: 7',
    ]);
  });
});

describe('a rule that could not be evaluated', () => {
  it('is unknown on each of its servers, or in the cluster', () => {
    expect([...short(pending, {}), ...short(total, {})]).toEqual([
      'n1 unknown, did not look: Rule could not be evaluated',
      'n2 unknown, did not look: Rule could not be evaluated',
      'cluster unknown, did not look: Rule could not be evaluated',
    ]);
  });
});
