import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gzippedBytes } from '../../lambdas/adapters/memory/codec.ts';
import type { Metric } from '../../infra/cloudwatch/alarm-spec.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { closedRows, ringReaches } from '../scenes/observed.ts';
import { expectedSeries } from './expected-series.ts';
import { doctor } from '../../infra/doctor/command.ts';
import { minuteAt, startFleet, type Fleet, type Round } from './fleet.ts';
import { seriesText, stateOf, type Received } from './reading-back.ts';
import { hangUp, jwt, refuse, refuseJwt, reset, user } from './scene.ts';

const ids = checks.map(({ id }) => id);
const clusters = ['prod', 'edge'] as const;

let fleet: Fleet;
let rounds: {
  /** Nothing but a dead server. */
  readonly first: Round;
  /** Connections were closed before it. */
  readonly closes: Round;
  /** The same minute once more. */
  readonly again: Round;
  /** The next minute. Nothing has changed. */
  readonly next: Round;
};
beforeAll(async () => {
  fleet = await startFleet();
  const { hubs, vault } = fleet.scene;
  const first = await fleet.round(0);
  const [held1, held2] = await Promise.all([closedRows(hubs.hub1), closedRows(hubs.hub2)]);
  await refuse(hubs.hub1, 'intruder', 6);
  await refuse(hubs.hub1, 'billing', 3);
  await hangUp(hubs.hub1, 2);
  await reset(hubs.hub2);
  await refuseJwt(vault, 'ledger', 3);
  await ringReaches(hubs.hub1, held1.length + 11);
  await ringReaches(hubs.hub2, held2.length + 1);
  await ringReaches(vault, 3);
  const closes = await fleet.round(1);
  rounds = { first, closes, again: await fleet.round(1), next: await fleet.round(2) };
});
afterAll(() => fleet.stop());

/** A message on one line: `connection-stopped prod warning: opened CONN_101 billing`. */
const reported = (messages: readonly Received[]): readonly string[] =>
  messages
    .map(({ message: { check, cluster, severity, notices } }) => {
      const each = notices.map(({ kind, finding }) => `${kind} ${finding.diagnosis} ${finding.entity.name}`);
      return `${check} ${cluster} ${severity}: ${each.join(', ')}`;
    })
    .sort();

const published = ({ points }: Round): Readonly<Record<string, number>> =>
  Object.fromEntries(points.map(({ series, value }) => [series, value]));

/** What changes all the time, of the cluster as a whole. */
const isLoad = (name: string): boolean => /^nats_(traffic|memory_most|cpu_most)_/.test(name);

/** Without load, and what the functions publish for built-in rules alone: of some, as memory, the value changes all the time. */
const withoutBuiltIn = (series: Readonly<Record<string, number>>): Readonly<Record<string, number>> => {
  const ofServers = fleet.translated.plan.series.filter((name) => name !== 'gnatsd_varz_max_connections');
  const isBuiltIn = (name: string) =>
    ofServers.some((each) => name.startsWith(`${each}{`)) ||
    (name.startsWith('nats_rule{') && !name.includes('rule=ManyNewConnections'));
  return Object.fromEntries(
    Object.entries(series).filter(
      ([name, value]) => !isBuiltIn(name) && !isLoad(name) && !isNoneOpen(name, value),
    ),
  );
};

/** That nothing is open is told now and then. */
const isNoneOpen = (name: string, value: number): boolean =>
  name.startsWith('nats_findings_open{') && value === 0;

describe('the deployed functions', () => {
  it('succeed, also where a server is dead, and when they are started twice for one minute', () => {
    const done = Object.fromEntries(ids.map((id) => [id, 'done']));
    expect(Object.values(rounds).map(({ runs }) => runs)).toEqual([done, done, done, done]);
  });

  it('publish at the scheduled minute what the servers hold and have closed since, each row once', async () => {
    const some = {
      hub1: { closed: { auth: 9, planned: 2 }, connections: 11 },
      hub2: { closed: { network: 1 }, connections: 1 },
      vault: { closed: { auth: 3 }, connections: 3 },
    };
    const nothing = { closed: {}, connections: 0 };
    const none = { hub1: nothing, hub2: nothing, vault: nothing };
    expect(withoutBuiltIn(published(rounds.closes))).toEqual(
      withoutBuiltIn(await expectedSeries(fleet.scene, some)),
    );
    expect(withoutBuiltIn(published(rounds.next))).toEqual(
      withoutBuiltIn(await expectedSeries(fleet.scene, none)),
    );
  });

  it('publish the load of each cluster, from the second run on with what its servers move', () => {
    const of = (round: Round, cluster: string) =>
      Object.entries(published(round)).filter(
        ([name]) => isLoad(name) && name.includes(`cluster=${cluster}`),
      );
    const names = (round: Round) =>
      clusters.map((cluster) =>
        of(round, cluster)
          .map(([name]) => name.replace(/\{.*direction=(\w+).*/, ' $1').replace(/\{.*/, ''))
          .toSorted(),
      );
    const most = ['nats_cpu_most_percent', 'nats_memory_most_bytes'];
    const moved = ['bytes', 'messages'].flatMap((what) =>
      ['in', 'out'].map((direction) => `nats_traffic_${what}_per_second ${direction}`),
    );
    expect([names(rounds.first), names(rounds.next)]).toEqual([
      clusters.map(() => most),
      clusters.map(() => [...most, ...moved]),
    ]);
    expect(clusters.flatMap((cluster) => of(rounds.next, cluster)).filter(([, value]) => value < 0)).toEqual(
      [],
    );
  });

  it('publish what the alarms of all rules compare, but what a dead server and JetStream, which is off, do not say', () => {
    const isSaid = ({ name, dimensions }: Metric) =>
      !name.includes('jetstream') &&
      (dimensions['server_id'] !== 'gone' || name === 'up' || name === 'nats_rule');
    const compared = fleet.translated.specs.flatMap(({ compared: of }) =>
      of.kind === 'metric' && isSaid(of.metric) ? [seriesText(of.metric.name, of.metric.dimensions)] : [],
    );
    const lacking = compared.filter((series) => published(rounds.next)[series] === undefined);
    expect([lacking, compared.length > 20]).toEqual([[], true]);
  });

  it('tell through SNS what they find, once', () => {
    const { first, closes, again, next } = rounds;
    expect({
      first: reported(first.received.everything),
      closes: reported(closes.received.everything),
      again: reported(again.received.everything),
      next: reported(next.received.everything),
    }).toEqual({
      first: ['server-up edge critical: opened SERVER_101 gone'],
      closes: [
        'connection-stopped edge warning: opened CONN_101 ledger',
        'connection-stopped prod critical: opened CONN_101 intruder',
        'connection-stopped prod warning: opened CONN_101 billing',
        'rule-series prod critical: opened ManyNewConnections hub1',
      ],
      again: [],
      next: [],
    });
  });

  it('give each message the attributes that filter policies read', () => {
    const { first, closes } = rounds;
    expect({
      pager: reported([...first.received.pager, ...closes.received.pager]),
      prodCloses: reported([...first.received['prod-closes'], ...closes.received['prod-closes']]),
      attributes: first.received.everything.map(({ attributes }) => attributes),
    }).toEqual({
      pager: [
        'connection-stopped prod critical: opened CONN_101 intruder',
        'rule-series prod critical: opened ManyNewConnections hub1',
        'server-up edge critical: opened SERVER_101 gone',
      ],
      prodCloses: [
        'connection-stopped prod critical: opened CONN_101 intruder',
        'connection-stopped prod warning: opened CONN_101 billing',
      ],
      attributes: [{ check: 'server-up', severity: 'critical', cluster: 'edge', status: 'opened' }],
    });
  });

  it('send machines the JSON form, raw where the subscription asks for it', () => {
    const [raw] = rounds.first.received.pager;
    const [wrapped] = rounds.first.received.everything;
    expect(JSON.parse(raw?.body ?? '')).toEqual(wrapped?.message);
    expect(wrapped?.message).toMatchObject({
      version: 1,
      at: new Date(minuteAt(0)).toISOString(),
      notices: [
        {
          id: `server-up/edge/SERVER_101|gone|server|gone/opened/${new Date(minuteAt(0)).toISOString()}`,
          severity: 'critical',
          finding: {
            observed: 0,
            limit: 1,
            durationKnown: false,
            evidence: [
              expect.stringMatching(/^gone \/varz: .*ECONNREFUSED/),
              expect.any(String),
            ] as unknown[],
            alarm: 'nats/edge/NatsServerDown/gone/critical',
          },
        },
      ],
    });
  });

  it('tell of a rule in the words of its annotations, with its alarm', () => {
    const { notices } =
      rounds.closes.received.everything.find(({ message: { check } }) => check === 'rule-series')?.message ??
      {};
    expect(notices?.map(({ finding }) => finding)).toMatchObject([
      {
        summary: 'hub1 took 11 new connections within a minute',
        observed: 11,
        limit: 10,
        remedy: 'Runbook: https://wiki.example/connections',
        alarm: 'nats/prod/ManyNewConnections/hub1/critical',
      },
    ]);
  });

  it('keep one memory for each check and cluster, for 30 days, with nothing left to send', () => {
    const { memory } = rounds.next;
    const kept = Object.entries(memory).map(([id, remembered]) => ({
      id,
      isUnsent: 'outbox' in remembered.item,
      claimed: Number(remembered.item['claimed']?.N),
      days: Math.round((Number(remembered.item['expires']?.N) * 1_000 - Date.now()) / 86_400_000),
      format: stateOf(remembered).format,
      fits: gzippedBytes(remembered.state) < 300_000,
    }));
    const expected = ids.flatMap((id) =>
      clusters.map((cluster) => ({
        id: `${id}#${cluster}`,
        isUnsent: false,
        claimed: minuteAt(2),
        days: 30,
        format: 1,
        fits: true,
      })),
    );
    expect(new Set(kept)).toEqual(new Set(expected));
    expect(kept).toHaveLength(expected.length);
  });

  it('remember what is open', () => {
    const findings = ids.flatMap((id) =>
      clusters.flatMap((cluster) =>
        Object.values(stateOf(rounds.next.memory[`${id}#${cluster}`]).findings).map(
          ({ diagnosis, entity, announced, observed }) =>
            `${id} ${cluster} ${diagnosis} ${entity.name} ${announced ?? 'pending'} ${observed}`,
        ),
      ),
    );
    expect(findings).toEqual([
      'connection-stopped prod CONN_101 intruder critical 6',
      'connection-stopped prod CONN_101 billing warning 3',
      'connection-stopped edge CONN_101 ledger warning 3',
      'rule-series prod ManyNewConnections hub1 critical 11',
      'server-up edge SERVER_101 gone critical 0',
    ]);
  });

  it('leave memory alone when they are started a second time for a minute', () => {
    expect(rounds.again.memory).toEqual(rounds.closes.memory);
  });

  it('neither log, store nor tell the JWT and the user that closed rows carry', async () => {
    const rows = JSON.stringify([
      await fleet.scene.vault.get('/connz?state=closed&auth=1'),
      await fleet.scene.hubs.hub1.get('/connz?state=closed&auth=1'),
    ]);
    expect([rows.includes(jwt), rows.includes(user)]).toEqual([true, true]);
    const seen = [
      await fleet.logs(),
      ...Object.values(rounds).flatMap(({ received, memory }) => [
        ...received.everything.map(({ body }) => body),
        ...Object.values(memory).flatMap(({ state, bases }) => [state, ...bases]),
      ]),
    ];
    // A signature of SNS has such letters now and then, but seldom begins with them.
    const hasJwt = (text: string) => /(?<![\w+/-])eyJ/.test(text);
    expect(seen.filter((text) => hasJwt(text) || text.includes(user))).toEqual([]);
  });

  it('log a line for each run and cluster: what was found, what was told, and who is dead', async () => {
    const lines = (await fleet.logs()).split('\n').filter((line) => line.startsWith('{'));
    const parsed = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(new Set(parsed.map(({ level }) => level))).toEqual(new Set(['info']));
    const of = (message: string) => parsed.filter((line) => line['message'] === message);
    expect(of('server-up, cluster edge')[0]).toMatchObject({
      outcomes: { vault: 'ok', gone: 'critical' },
      unreachable: [expect.stringMatching(/^gone \/varz: /)],
      notices: ['opened SERVER_101 gone'],
    });
    expect(of('server-up, cluster prod, this minute, or a later one, was run before')).toEqual([]);
    expect(of('server-up, cluster prod: this minute, or a later one, was run before')).toHaveLength(1);
  });
});

describe('npm run doctor', () => {
  it('tells of the server that no function reaches, and of nobody who hears alarms, and finds the rest well', async () => {
    const before = rounds.next.memory;
    const { text, code } = await doctor(['--settings', fleet.file], {
      account: () => Promise.resolve(fleet.account),
      now: () => minuteAt(3),
      width: 80,
    });
    expect([text.replace(/http:\/\/[\d.:]+/, 'http://HOST:PORT'), code]).toMatchInlineSnapshot(`
      [
        "ok      runs          32 checks and clusters ran in time
      ok      schedules     16 schedules enabled
      ok      logs          16 logs without errors or warnings in the last 1 h
      SEE TO  servers       3 of 4 servers answered to fleet-accounts
              - edge/gone: /varz: no connection: ECONNREFUSED (server down, or its
                http_port is another one)
                do: does the security group of the functions reach the monitoring
                    port, and do the subnets resolve the name?
      SEE TO  alarms        115 alarms, none in ALARM
              - 2 alarms missing: nats/fleet/several-not-running,
                nats/fleet/not-running
                do: deploy these settings: npx cdk deploy --all
      SEE TO  subscriptions 3 subscriptions confirmed
              - nobody hears critical
                do: add a subscription to the settings
              - nobody hears warning
                do: add a subscription to the settings

      fleet: 4 things to see to
      ",
        1,
      ]
    `);
    expect((await fleet.round(2)).memory).toEqual(before);
  });
});
