import { describe, expect, it } from 'vitest';
import { minute } from '../engine/fake-ports.ts';
import { alertOf, planOf } from '../rules/planned.ts';
import { consumers, ruleWorld } from '../rules/rule-world.ts';
import { behind, loud, quiet, rulePoints } from './behind.ts';

describe('a finding of a rule', () => {
  it('is reported again after a day, and ends after two looks without it, five minutes old at least', async () => {
    const { run: look } = ruleWorld(planOf([behind({ forMs: 0 })]));
    const day = 24 * 60;
    const minutes = [0, 1, day - 1, day, day + 1];
    const reported: string[] = [];
    for (const n of minutes)
      reported.push(...(await look(n, { n1: loud })).reported.map((text) => `${n} ${text}`));
    for (const n of [day + 2, day + 3]) {
      reported.push(...(await look(n, { n1: quiet })).reported.map((text) => `${n} ${text}`));
    }
    expect(reported).toEqual([
      '0 opened Behind n1',
      `${day} reminded Behind n1`,
      `${day + 3} resolved Behind n1`,
    ]);
  });

  it('that began after the first run has a known beginning, and says how its value moved', async () => {
    const { run: look } = ruleWorld(planOf([behind({ forMs: 0 })]));
    await look(0, { n1: quiet });
    await look(1, { n1: loud });
    const { findings } = await look(2, { n1: consumers({ a: 50 }) });
    expect(findings[0]).toMatchObject({
      since: '2026-11-20T10:01:00.000Z',
      durationKnown: true,
      trend: 'up from 30',
      evidence: [expect.stringMatching(/consumer_name=a: 50 since 2026-11-20 10:01 UTC$/)],
    });
  });

  it('about connections neither tells nor keeps who is logged in, nor with what', async () => {
    const secret = 'eyJzZWNyZXQ';
    const row = { cid: 7, kind: 'Client', ip: '10.0.0.9', port: 5_000, name: 'web', pending_bytes: 50 };
    const connz = { connections: [{ ...row, authorized_user: secret, jwt: secret, nonce: secret }] };
    const slow = alertOf('Slow', 'gnatsd_connz_pending_bytes{kind="Client"} > 10');
    const { run: look, world } = ruleWorld(planOf([slow]));
    const { findings } = await look(0, { n1: { paths: { '/connz': connz } } });
    const kept = await world.memory.claim({ check: 'rule-series', cluster: 'c1' }, minute(1));
    expect(findings[0]?.evidence).toEqual([
      'n1 name=web cid=7 ip=10.0.0.9 port=5000: 50 since 2026-11-20 10:00 UTC',
    ]);
    expect(
      [JSON.stringify(world.taken.messages), kept?.saved].filter((text) => text?.includes(secret)),
    ).toEqual([]);
  });
});

describe('a deployment that changes rules while one fires', () => {
  const firing = async (names?: readonly string[]) => {
    const world = ruleWorld(planOf([behind({ forMs: 0 })]), names);
    await world.run(0, { n1: loud, n2: loud });
    return world;
  };

  it('ends the finding of a rule that is gone, and says so', async () => {
    const { run: look } = await firing();
    const { report, found } = await look(1, { n1: loud }, { plan: planOf([]) });
    expect(
      report.notices.map(({ kind, finding }) => [kind, finding.diagnosis, finding.title, finding.alarm]),
    ).toEqual([['resolved', 'Behind', 'no longer checked', null]]);
    expect(found).toEqual([]);
  });

  it('ends the finding of the old name and opens one of the new', async () => {
    const { run: look } = await firing();
    const renamed = planOf([behind({ forMs: 0, id: 'Late', alert: 'Late' })]);
    const { reported, published } = await look(1, { n1: loud }, { plan: renamed });
    expect(reported.toSorted()).toEqual(['opened Late n1', 'resolved Behind n1']);
    expect(Object.keys(published).filter((name) => name.startsWith('nats_rule'))).toEqual([
      'nats_rule Late n1',
    ]);
  });

  it('ends a finding that a new threshold no longer holds, as any other', async () => {
    const { run: look } = await firing();
    const plan = planOf([behind({ forMs: 0, expr: 'jetstream_consumer_num_pending > 100' })]);
    const reported: string[] = [];
    for (let n = 1; n < 7; n += 1) {
      const ran = await look(n, { n1: loud }, { plan });
      reported.push(...ran.reported.map((text) => `${n} ${text}`));
      expect(rulePoints(ran)).toEqual([30]);
    }
    expect(reported).toEqual(['5 resolved Behind n1']);
  });

  it('tells a finding that a new threshold makes with that threshold', async () => {
    const { run: look } = await firing();
    const { findings } = await look(
      1,
      { n1: loud },
      { plan: planOf([behind({ forMs: 0, expr: 'jetstream_consumer_num_pending > 20' })]) },
    );
    expect(findings.map(({ observed, limit }) => [observed, limit])).toEqual([[30, 20]]);
  });

  it('raises it with the severity of the rule, and pages by no other alarm than the new one', async () => {
    const { run: look } = await firing();
    const plan = planOf([behind({ forMs: 0, severity: 'critical' })]);
    const { reported, published, findings } = await look(1, { n1: loud }, { plan });
    expect([reported, findings.map(({ alarm }) => alarm)]).toEqual([
      ['raised Behind n1'],
      ['nats/c1/Behind/n1/critical'],
    ]);
    expect([published['nats_findings_open critical'], published['nats_findings_open warning']]).toEqual([
      undefined,
      [0],
    ]);
  });

  it('lowers it with the severity of the rule, and pages by no other alarm meanwhile', async () => {
    const world = ruleWorld(planOf([behind({ forMs: 0, severity: 'critical' })]));
    await world.run(0, { n1: loud });
    const reported: string[] = [];
    const open: unknown[] = [];
    for (let n = 1; n < 7; n += 1) {
      const ran = await world.run(n, { n1: loud }, { plan: planOf([behind({ forMs: 0 })]) });
      reported.push(...ran.reported.map((text) => `${n} ${text}`));
      open.push(
        ran.published['nats_findings_open critical']?.[0] ?? 0,
        ran.published['nats_findings_open warning']?.[0],
      );
    }
    expect([reported, new Set(open)]).toEqual([['5 lowered Behind n1'], new Set([0])]);
  });

  it('ends the finding of a server that the rule no longer selects', async () => {
    const { run: look } = await firing(['n1', 'n2']);
    const plan = planOf([behind({ forMs: 0, expr: 'jetstream_consumer_num_pending{server_id="n1"} > 10' })]);
    const { reported, found } = await look(1, { n1: loud, n2: loud }, { plan });
    expect([reported, found]).toEqual([['resolved Behind n2'], ['Behind n1']]);
  });

  it('ends the findings of servers where alarms are by cluster now', async () => {
    const { run: look } = await firing(['n1', 'n2']);
    const plan = planOf([behind({ forMs: 0 })], { per: 'cluster' });
    const { reported, published } = await look(1, { n1: loud, n2: loud }, { plan });
    expect(reported.toSorted()).toEqual(['opened Behind c1', 'resolved Behind n1', 'resolved Behind n2']);
    expect(Object.keys(published).filter((name) => name.startsWith('nats_rule'))).toEqual([
      'nats_rule Behind',
    ]);
  });
});
