import { describe, expect, it } from 'vitest';
import { mostRuleBytes } from '../../lambdas/rules/engines/room.ts';
import { minute } from '../engine/fake-ports.ts';
import { failing } from '../kit.ts';
import { alertOf, planOf, recordingOf } from '../rules/planned.ts';
import { noise } from '../rules/noise.ts';
import { consumers, jsz, ruleWorld, type Ran } from '../rules/rule-world.ts';
import { behind, loud, quiet } from './behind.ts';

describe('a server that stops answering', () => {
  const plan = planOf([behind({ forMs: 0 })]);
  const names = ['n1', 'n2'];

  it('is unknown, not well, and its finding stays as nobody looks', async () => {
    const { run: look } = ruleWorld(plan, names);
    await look(0, { n1: quiet, n2: loud });
    const ran: Ran[] = [];
    for (let n = 1; n < 8; n += 1) ran.push(await look(n, { n1: quiet }));
    expect(ran.flatMap(({ reported }) => reported)).toEqual([]);
    expect(ran[6]?.seen).toEqual([
      'n1 SERVER_102 ok: 1 evaluated rule, does not fire',
      'n1 Behind ok: Behind does not fire: 3',
      'n2 SERVER_102 unknown: no reply: unreachable',
      'n2 Behind unknown: no reply: unreachable',
      'cluster RULE_101 ok: 1 rule evaluated',
    ]);
    // As in Prometheus, where its series have ended.
    expect(ran[6]?.published['nats_rule Behind n2']).toEqual([10]);
    const later = [await look(8, { n1: quiet, n2: quiet }), await look(9, { n1: quiet, n2: quiet })];
    expect(later.flatMap(({ reported }) => reported)).toEqual(['resolved Behind n2']);
  });

  it('as the last of all leaves no rule evaluated, on the cluster too', async () => {
    const { run: look } = ruleWorld(plan, names);
    await look(0, { n1: quiet, n2: quiet });
    const { report, seen } = await look(1, {});
    expect(report.entries.map(({ target, outcome }) => [target, outcome])).toEqual([
      ['n1', 'unknown'],
      ['n2', 'unknown'],
      [null, 'unknown'],
    ]);
    expect(seen.at(-1)).toBe(
      'cluster RULE_101 unknown: 1 of 1 rule had nothing to read: no reply: unreachable',
    );
  });

  it('in one endpoint is unknown there, and that is reported if it lasts', async () => {
    const { run: look } = ruleWorld(plan);
    const blind = { n1: { paths: { '/jsz': failing('timeout') } } };
    await look(0, { n1: quiet });
    const first = await look(1, blind);
    expect(first.seen).toEqual([
      'n1 SERVER_102 ok: /jsz?consumers=true does not answer in time (timeout) (limit crossed, but not for long enough yet)',
      'n1 Behind unknown: no reply: timeout',
      'cluster RULE_101 unknown: 1 of 1 rule had nothing to read: no reply: timeout',
    ]);
    const reported: string[] = [];
    for (let n = 2; n < 18; n += 1)
      reported.push(...(await look(n, blind)).reported.map((text) => `${n} ${text}`));
    expect(reported).toEqual(['16 opened SERVER_102 /jsz?consumers=true']);
  });

  it('with another shape is unknown there', async () => {
    const { run: look } = ruleWorld(plan);
    const { seen } = await look(0, { n1: { paths: { '/jsz': { account_details: 5 } } } });
    expect(seen[1]).toBe('n1 Behind unknown: n1 /jsz?consumers=true: account_details: expected a list');
  });

  it('in an endpoint that another check reports is reported there alone', async () => {
    const far = alertOf('Far', 'gnatsd_leafz_conn_rtt > 5');
    const { run: look } = ruleWorld(planOf([far]));
    const { seen } = await look(0, { n1: { leafz: failing('timeout') } });
    expect(seen.slice(0, 2)).toEqual([
      'n1 SERVER_102 ok: 0 evaluated rules, 1 unknown',
      'n1 Far unknown: no reply: timeout',
    ]);
  });

  it('makes rules over all servers unknown, which say what the others give', async () => {
    const all = alertOf('All', 'sum(jetstream_consumer_num_pending) > 10');
    const { run: look } = ruleWorld(planOf([all]), names);
    const { seen, published } = await look(0, { n1: quiet });
    expect(seen.filter((line) => line.includes(' All '))).toEqual([
      'cluster All unknown: All does not fire: 3; n2 could not be read',
    ]);
    expect(published['nats_rule All']).toEqual([3]);
  });

  it('is no silence for a rule about that', async () => {
    const down = alertOf('Down', 'sum(up) < 2');
    const { run: look } = ruleWorld(planOf([down]), names);
    const { seen, published } = await look(0, { n1: quiet });
    expect(seen.filter((line) => line.includes(' Down '))).toEqual(['cluster Down warning: Down fires']);
    expect(published['nats_rule Down']).toEqual([1]);
  });
});

describe('a function that starts anew', () => {
  it('goes on after an hour without runs as Prometheus would: what waits begins anew', async () => {
    const { run: look } = ruleWorld(planOf([behind()]));
    await look(0, { n1: quiet });
    await look(1, { n1: loud });
    const ran = [await look(62, { n1: loud }), await look(63, { n1: loud }), await look(64, { n1: loud })];
    expect(ran.map(({ reported }) => reported)).toEqual([[], [], ['opened Behind n1']]);
  });

  it('starts as on a first run where memory of rules is unreadable, says so once, and keeps findings', async () => {
    const { run: look, world } = ruleWorld(planOf([behind({ forMs: 0 })]));
    await look(0, { n1: loud });
    const claimed = await world.memory.claim({ check: 'rule-series', cluster: 'c1' }, minute(1));
    const state = JSON.parse(claimed?.saved ?? '') as Record<string, unknown>;
    await claimed?.save(JSON.stringify({ ...state, rules: { kept: 'a text' } }), {
      datapoints: [],
      messages: [],
    });
    const broken = await look(2, { n1: loud });
    const mended = await look(3, { n1: loud });
    expect([broken.reported, broken.found, broken.warnings, mended.warnings]).toEqual([
      [],
      ['Behind n1'],
      [
        'rule-series, cluster c1: memory of rules is unreadable, starting as on a first run ' +
          '{"reason":"sample memory: unexpected shape at \\"\\": Invalid input: expected object, received undefined"}',
      ],
      [],
    ]);
  });

  it('takes what an older release kept, without rules, for a first run, and says nothing', async () => {
    const { run: look, world } = ruleWorld(planOf([behind()]));
    await look(0, { n1: loud });
    const claimed = await world.memory.claim({ check: 'rule-series', cluster: 'c1' }, minute(1));
    const state = JSON.parse(claimed?.saved ?? '') as Record<string, unknown>;
    await claimed?.save(JSON.stringify({ ...state, rules: undefined }), { datapoints: [], messages: [] });
    const { warnings, published } = await look(2, { n1: quiet });
    expect([warnings, published['nats_rule Behind n1']]).toEqual([[], [3]]);
  });
});

describe('a rule that cannot be evaluated', () => {
  /** Two consumers of one stream on the side that must have one. */
  const ambiguous = (changes = {}) =>
    alertOf(
      'Share',
      'jetstream_consumer_num_pending / on (stream_name) jetstream_consumer_num_ack_pending > 100',
      changes,
    );
  const two = { n1: { paths: { '/jsz': pendingAndAcks(['a', 'b']) } } };
  const one = { n1: { paths: { '/jsz': pendingAndAcks(['a']) } } };

  it('opens a finding of its own that counts, as no alarm is about it, and keeps the others going', async () => {
    const { run: look } = ruleWorld(planOf([ambiguous(), behind({ forMs: 0 })]));
    const reported: string[] = [];
    let last: Ran | undefined;
    await look(0, { n1: quiet });
    for (let n = 1; n < 6; n += 1) {
      last = await look(n, two);
      reported.push(...last.reported.map((text) => `${n} ${text}`));
    }
    expect(reported).toEqual(['1 opened Behind n1', '4 opened RULE_101 Share']);
    expect(last?.findings.find(({ diagnosis }) => diagnosis === 'RULE_101')).toMatchObject({
      title: 'A deployed rule cannot be evaluated',
      severity: 'warning',
      target: null,
      entity: { kind: 'rule', name: 'Share' },
      summary: expect.stringMatching(/^The rule Share cannot be evaluated: .*consumer_name/) as string,
      evidence: [ambiguous().expr],
      commands: [
        'nats server report jetstream',
        "curl -s 'http://n1:8222/jsz?consumers=true&config=true&raft=true'",
      ],
      alarm: null,
    });
    expect(last?.published).toMatchObject({
      'nats_rule Behind n1': [30],
      'nats_findings_open warning': [1],
    });
    expect(Object.keys(last?.published ?? {})).not.toContain('nats_rule Share');
    expect(last?.warnings).toEqual([
      expect.stringMatching(/^rule-series, cluster c1: rule Share cannot be evaluated/),
    ]);
  });

  it('ends it when it can be', async () => {
    const { run: look } = ruleWorld(planOf([ambiguous()]));
    for (let n = 0; n < 4; n += 1) await look(n, two);
    const reported: string[] = [];
    for (let n = 4; n < 9; n += 1)
      reported.push(...(await look(n, one)).reported.map((text) => `${n} ${text}`));
    expect(reported).toEqual(['5 resolved RULE_101 Share']);
  });

  it('leaves a finding that it fires as it is: nobody knows', async () => {
    const rule = ambiguous({
      expr: `(jetstream_consumer_num_pending / on (stream_name) group_right () jetstream_consumer_num_ack_pending) > 1`,
    });
    const { run: look } = ruleWorld(planOf([rule]));
    await look(0, one);
    const ran: Ran[] = [];
    for (let n = 1; n < 9; n += 1) ran.push(await look(n, two));
    expect(ran.flatMap(({ reported }) => reported)).toEqual(['opened RULE_101 Share']);
    expect(ran[7]?.seen.find((line) => line.startsWith('n1 Share'))).toBe(
      'n1 Share unknown: Share could not be evaluated',
    );
  });

  it('is told of a recording rule too: what reads it stops firing without a word', async () => {
    const recording = recordingOf('share', ambiguous().expr);
    const { run: look } = ruleWorld(planOf([recording, alertOf('High', 'share > 1')]));
    const { reported, seen } = await look(0, two);
    expect(reported).toEqual(['opened RULE_101 share']);
    expect(seen.filter((line) => line.includes('RULE_101'))).toEqual([
      'cluster RULE_101 warning: of 2 rules these cannot be evaluated: share',
    ]);
  });
});

describe('samples that memory has no room for', () => {
  it('silence the rules that read them until they fit for an hour, which is reported, and no others', async () => {
    const rules = [behind({ expr: 'max_over_time(jetstream_consumer_num_pending[5m]) > 1e9', forMs: 0 })];
    const slow = alertOf('Slow', 'increase(gnatsd_varz_slow_consumers[5m]) > 0');
    const { run: look } = ruleWorld(planOf([...rules, slow]));
    const next = noise(1);
    const many = () =>
      consumers(Object.fromEntries(Array.from({ length: 25_000 }, (_each, i) => [`c${i}`, next() % 1e8])));
    const ran: Ran[] = [];
    for (let n = 0; n < 7; n += 1) ran.push(await look(n, { n1: many() }));
    const publishing = (name: string) =>
      ran.flatMap(({ published }, n) => (`nats_rule ${name} n1` in published ? [n] : []));
    expect([publishing('Behind'), publishing('Slow')]).toEqual([
      [0, 1, 2],
      [0, 1, 2, 3, 4, 5, 6],
    ]);
    expect(ran.flatMap(({ reported }, n) => reported.map((text) => `${n} ${text}`))).toEqual([
      '6 opened RULE_101 Behind',
    ]);
    expect(ran.at(-1)?.findings.map(({ summary }) => summary)).toEqual([
      `The rule Behind cannot be evaluated: samples of jetstream_consumer_num_pending take more room than memory has (${mostRuleBytes / 1_000} KB).`,
    ]);

    // Three minutes fit: it was too much again in minute 5.
    const again: number[] = [];
    for (let n = 7; n < 67; n += 1) {
      if ('nats_rule Behind n1' in (await look(n, { n1: quiet })).published) again.push(n);
    }
    expect(again).toEqual([65, 66]);
  });
});

function pendingAndAcks(names: readonly string[]): object {
  const text = JSON.stringify(jsz(Object.fromEntries(names.map((name) => [name, 30]))));
  return JSON.parse(text.replaceAll('"num_pending":30', '"num_pending":30,"num_ack_pending":10')) as object;
}
