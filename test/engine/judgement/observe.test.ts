import { describe, expect, it } from 'vitest';
import {
  above,
  atLeast,
  attempted,
  defineCheck,
  defineSeries,
  from,
  minutes,
  type Check,
  type ClusterFacts,
  type Diagnosis,
  type Series,
} from '../../../lambdas/define.ts';
import type { FindingState } from '../../../lambdas/engine/findings/finding-state.ts';
import { observations } from '../../../lambdas/engine/judgement/observe.ts';
import { foundSeries, openFindings } from '../../../lambdas/engine/findings/open-findings.ts';
import type { LimitBook } from '../../../lambdas/limits.ts';
import { clusterFacts, failing, firstMinute, leafz, server, varz, decodedVarz } from '../../kit.ts';
import { client, crowded } from '../samples.ts';

const check = (series: readonly Series[], diagnoses: readonly Diagnosis[] = []): Check =>
  defineCheck({ id: 'sample', title: 'Sample', group: 'servers', every: minutes(1), series, diagnoses });
const observed = (series: Series, servers: Parameters<typeof observations>[1]['servers']) =>
  observations(check([series]), { at: firstMinute, servers }, clusterFacts);

const connections = defineSeries({
  name: 'nats_connections',
  help: '',
  unit: 'count',
  scope: 'server',
  reads: {},
  observe: ({ varz: { connections: open } }) => open,
});
const leafnodes = defineSeries({
  name: 'nats_leafnodes',
  help: '',
  unit: 'count',
  scope: 'cluster',
  reads: { leafz: from('2.10.0') },
  observe: (servers) => servers.reduce((sum, each) => sum + each.leafz.leafnodes, 0),
});
const byClass = (values: Readonly<Record<string, number>>, words = ['planned', 'auth']) =>
  defineSeries({
    name: 'nats_closed',
    help: '',
    unit: 'count',
    scope: 'server',
    reads: {},
    by: { label: 'reason_class', words },
    observe: () => values,
  });

const n1 = server('n1', { varz: varz({ connections: 5 }), leafz: leafz({}, {}) });
const n2 = server('n2', { varz: varz({ connections: 7 }), leafz: leafz({}) });
const silent = server('n3', { varz: failing() });

describe('a series of each server', () => {
  it('is published for every server that was read, and for no other', () => {
    expect(observed(connections, [n1, silent, n2])).toEqual([
      {
        target: 'n1',
        observation: { series: 'nats_connections', labels: { cluster: 'c1', server_id: 'n1' }, value: 5 },
      },
      {
        target: 'n2',
        observation: { series: 'nats_connections', labels: { cluster: 'c1', server_id: 'n2' }, value: 7 },
      },
    ]);
  });

  it('may stand on a failure where it only attempts the reading', () => {
    const up = defineSeries({
      name: 'up',
      help: '',
      unit: 'count',
      scope: 'server',
      reads: { varz: attempted },
      observe: ({ varz: reply }) => (reply.ok ? 1 : 0),
    });
    expect(observed(up, [n1, silent]).map(({ observation }) => observation.value)).toEqual([1, 0]);
  });

  it('is not published where nothing was measured', () => {
    expect(observed({ ...connections, observe: () => null }, [n1])).toEqual([]);
  });

  it('is not published of a server whose figure cannot be', () => {
    const odd = server('n3', { varz: decodedVarz({ connections: -3 }) });
    expect(observed(connections, [odd, n2])).toEqual(observed(connections, [n2]));
  });

  it('by a word has a value for every word, zero included', () => {
    expect(observed(byClass({ auth: 3 }), [n1]).map(({ observation }) => observation)).toEqual([
      {
        series: 'nats_closed',
        labels: { cluster: 'c1', server_id: 'n1', reason_class: 'planned' },
        value: 0,
      },
      { series: 'nats_closed', labels: { cluster: 'c1', server_id: 'n1', reason_class: 'auth' }, value: 3 },
    ]);
  });

  it.each([
    ['not a number', { ...connections, observe: () => NaN }, 'nats_connections was observed as NaN'],
    ['endless', { ...connections, observe: () => Infinity }, 'nats_connections was observed as Infinity'],
    ['not a number for one word', byClass({ auth: NaN }), 'nats_closed was observed as NaN'],
    [
      'for a word it does not declare',
      byClass({ slow: 1 }),
      'nats_closed: "slow" is no word of its label reason_class',
    ],
    [
      'one for all words',
      { ...byClass({}), observe: () => 3 },
      'nats_closed declares the label reason_class but yields one value',
    ],
    [
      'by words without a label',
      { ...connections, observe: () => ({ auth: 1 }) },
      'nats_connections yields a value per word but declares no label',
    ],
  ])('is refused when its value is %s', (_what, series, message) => {
    expect(() => observed(series, [n1])).toThrow(new Error(message));
  });
});

describe('a series of the cluster', () => {
  it('is published once, from all servers', () => {
    expect(observed(leafnodes, [n1, n2])).toEqual([
      { target: null, observation: { series: 'nats_leafnodes', labels: { cluster: 'c1' }, value: 3 } },
    ]);
  });

  it.each([
    ['could not be read', silent],
    ['lacks the reading', server('n3', { leafz: failing() })],
    ['is too old for it', server('n3', { varz: varz({ version: '2.9.10' }), leafz: leafz() })],
  ])('is not published while a server %s', (_what, third) => {
    expect(observed(leafnodes, [n1, n2, third])).toEqual([]);
  });

  it('is not published where a figure of one of them cannot be', () => {
    const sum = defineSeries({
      ...connections,
      scope: 'cluster',
      observe: (servers) => servers.reduce((all, each) => all + each.varz.connections, 0),
    });
    const odd = server('n3', { varz: decodedVarz({ connections: -3 }) });
    expect([observed(sum, [n1, n2]).length, observed(sum, [n1, odd])]).toEqual([1, []]);
  });
});

describe('the count of open findings', () => {
  const state = (changes: Partial<FindingState> = {}): FindingState => ({
    diagnosis: 'SERVER_900',
    target: 'n1',
    entity: client('a'),
    levels: { warning: { since: 0, lastSeen: 0, opened: 0, cleared: 0 } },
    since: 0,
    announced: 'warning',
    highestAnnounced: 'warning',
    toldAt: 0,
    sinceUnknown: false,
    firstObserved: 1,
    observed: 1,
    limit: 1,
    unit: 'count',
    limitName: 'connections',
    summary: '',
    enriched: {},
    ...changes,
  });
  const rule: NonNullable<Diagnosis['rule']> = { alert: 'Rule', limit: 'connections' };
  const alarm = { place: 'c1', rule: 'Rule', perServer: true };
  const counts = (diagnosis: Diagnosis, states: readonly FindingState[], cluster = clusterFacts) =>
    openFindings(check([], [diagnosis]), states, { facts: cluster, book: new Map() }).map(
      ({ target, observation: { series, labels, value } }) => [target, series, labels, value],
    );
  const labels = (severity: string) => ({ cluster: 'c1', group: 'servers', severity });

  it('is published for each severity that can be, zero included', () => {
    expect(counts(crowded(), [])).toEqual([
      [null, 'nats_findings_open', labels('critical'), 0],
      [null, 'nats_findings_open', labels('warning'), 0],
    ]);
  });

  it('is not published for a severity that its limits leave out, nor for one that a rule pages for', () => {
    const limits = { connections: above({ warning: 10 }, { unit: 'count', of: 'connections' } as const) };
    const covered = { SERVER_900: { critical: alarm } };
    const published = (...[diagnosis, facts]: [Diagnosis, ClusterFacts?]) =>
      counts(diagnosis, [], facts).map(([, , each]) => each);
    expect([
      published(crowded({ limits })),
      published(crowded({ rule }), { ...clusterFacts, covered }),
      published(crowded({ limits: {} })),
    ]).toEqual([[labels('warning')], [labels('warning')], []]);
  });

  it('is published for a severity that only an owner, or settings of some streams, give a level', () => {
    const text = { unit: 'count', of: 'messages' } as const;
    const ofOwner = { waiting: atLeast({}, { ...text, owner: { critical: 'waiting-critical' } }) };
    const book: LimitBook = new Map([
      [
        'SERVER_900',
        {
          limits: { waiting: atLeast({}, text) },
          for: 0,
          ofAssets: [{ pattern: { stream: 'A' }, limits: { waiting: atLeast({ warning: 1 }, text) } }],
        },
      ],
    ]);
    const severities = (diagnosis: Diagnosis, known: LimitBook) =>
      openFindings(check([], [diagnosis]), [], { facts: clusterFacts, book: known }).map(
        ({ observation }) => observation.labels['severity'],
      );
    expect([
      severities(crowded({ limits: ofOwner }), new Map()),
      severities(crowded({ limits: { waiting: atLeast({}, text) } }), book),
    ]).toEqual([['critical'], ['warning']]);
  });

  it('of some diagnoses is a series of its own, whatever pages for them: what holds long enough', () => {
    const finds = defineSeries({
      ...{ name: 'nats_stalled', help: '', unit: 'count', scope: 'cluster', reads: {} },
      finds: [crowded()],
    });
    const pending = { warning: { since: 0, lastSeen: 0, opened: null, cleared: 0 } };
    const states = [state(), state({ levels: pending }), state({ diagnosis: 'SERVER_901' })];
    const counted = (verdict: 'measured' | 'unknown' | 'not-applicable') =>
      foundSeries(check([finds, connections]), states, [{ diagnosis: crowded(), verdict }], clusterFacts).map(
        ({ target, observation }) => [target, observation],
      );
    expect([counted('measured'), counted('unknown'), counted('not-applicable')]).toEqual([
      [[null, { series: 'nats_stalled', labels: { cluster: 'c1' }, value: 1 }]],
      [],
      [],
    ]);
  });

  it('counts what is announced, and not what is pending', () => {
    const states = [
      state(),
      state(),
      state({ announced: 'critical' }),
      state({ announced: null, highestAnnounced: null }),
    ];
    expect(counts(crowded(), states).map(([, , , value]) => value)).toEqual([1, 2]);
  });

  it('does not count what ended while it was muted, of which the end is still to be told', () => {
    expect(counts(crowded(), [state({ levels: {} })]).map(([, , , value]) => value)).toEqual([0, 0]);
  });

  it("does not count what a rule's alarm pages for", () => {
    const states = [state(), state({ limitName: 'other' })];
    const limits = {
      ...crowded().limits,
      other: above({ warning: 1 }, { unit: 'count', of: 'others' } as const),
    };
    const covered = { SERVER_900: { critical: alarm, warning: alarm } };
    expect(
      counts(crowded({ rule, limits }), states, { ...clusterFacts, covered }).map(([, , , value]) => value),
    ).toEqual([1]);
  });

  it('counts it where the cluster has no alarm of the rule, or none of that severity', () => {
    const warned = [state(), state({ announced: 'critical' })];
    const counted = (covered: ClusterFacts['covered']) =>
      counts(crowded({ rule }), warned, { ...clusterFacts, covered }).map(([, , , value]) => value);
    expect([
      counted({}),
      counted({ SERVER_900: { warning: alarm } }),
      counted({ OTHER_900: { warning: alarm } }),
    ]).toEqual([[1, 1], [1], [1, 1]]);
  });

  it('does not count what the release no longer diagnoses', () => {
    expect(counts(crowded(), [state({ diagnosis: 'GONE_001' })]).map(([, , , value]) => value)).toEqual([
      0, 0,
    ]);
  });
});
