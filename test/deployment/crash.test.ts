import { afterAll, beforeAll, expect, it } from 'vitest';
import { closedRows } from '../scenes/observed.ts';
import { stoppingOnFailure } from '../scenes/stopping.ts';
import { startMoto, type Moto } from '../services/moto.ts';
import { newestNatsVersion as version, startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { codeWith, crash, inPairs, kills, type Crash, type Crashed } from './crashes.ts';
import { deploySettings, minuteAt, scheduledAt } from './fleet.ts';
import { startLambda, type Invocation } from './lambda-process.ts';
import { createQueue, drain, memoryItems, pointsAt, queueArn, stateOf } from './reading-back.ts';
import type { Point, Received } from './reading-back.ts';
import { hangUp, refuse, ringHolds } from './scene.ts';

/** What goes wrong, by the cluster it goes wrong for: check and cluster have one memory. */
const crashes: Readonly<Record<string, Crash>> = {
  ...kills(),
  // AWS fails, three times as the SDK tries.
  'metrics.refused': { reached: null, faults: { metrics: 'refuse' } },
  'metrics.throttled': { reached: null, faults: { metrics: 'throttle' } },
  'messages.refused': { reached: null, faults: { critical: 'refuse', warning: 'refuse' } },
  'all.refused': { reached: null, faults: { metrics: 'refuse', critical: 'refuse', warning: 'refuse' } },
  'claim.dropped': { reached: null, faults: { claim: 'drop' } },
  'save.dropped': { reached: null, faults: { save: 'drop' } },
  'clear.dropped': { reached: null, faults: { clear: 'drop' } },
  'messages.refused.killed': {
    reached: ['claim', 'save', 'metrics'],
    faults: { critical: 'refuse', warning: 'refuse' },
  },
  // AWS does what it is asked, and the first reply to each request gets lost.
  'replies.lost': {
    reached: null,
    faults: {
      claim: 'lose',
      save: 'lose',
      metrics: 'lose',
      critical: 'lose',
      warning: 'lose',
      clear: 'lose',
    },
  },
  undisturbed: { reached: null, faults: {} },
};
const clusters = Object.keys(crashes);

let moto: Moto;
let lone: NatsServer;
let crashed: Readonly<Record<string, Crashed>>;
/** Of the runs after the crash, in which every cluster is watched by one process. */
let runs: readonly Invocation[];
/** Right after the crash, then after each of two more minutes. */
let received: readonly (readonly Received[])[];
/** Of the minutes 0 to 3; those of minute 1, in which it happened, as they stood right after it. */
let pointsAfterCrash: readonly Point[];
let points: readonly (readonly Point[])[];
let memory: Awaited<ReturnType<typeof memoryItems>>;

beforeAll(async () => {
  const users = 'authorization { users: [{ user: app, password: app }] }';
  lone = await startNatsServer({ version, name: 'lone', config: () => users });
  moto = await stoppingOnFailure(lone.stop, () => startMoto());
  await createQueue(moto, 'everything');
  const settings = (names: readonly string[]) => ({
    name: 'fleet',
    clusters: names.map((name) => ({ name, targets: [{ name: 'lone', url: lone.monitoringUrl }] })),
    subscriptions: [{ topic: 'findings', protocol: 'sqs', endpoint: queueArn(moto, 'everything') }],
    limits: { CONN_101: { failures: { warning: 3, critical: 6 } } },
  });
  const { deployed, code } = await deploySettings(moto, settings(clusters));
  const environment = { ...deployed.functions['connection-stopped']?.environment, ...moto.env };
  const all = await startLambda(code, environment);

  // Minute 0: nothing was closed yet.
  runs = [await all.invoke(scheduledAt(0))];
  await refuse(lone, 'intruder', 6);
  await refuse(lone, 'billing', 3);
  await hangUp(lone, 2);
  await ringHolds(lone, 11);
  // Minute 1: it goes wrong, for each cluster in its own way.
  const { subscriptions: _, name: __, ...watched } = settings(clusters);
  const ended = await inPairs(Object.entries(crashes), async ([cluster, each]) => {
    const only = watched.clusters.filter(({ name }) => name === cluster);
    const copy = codeWith(code, { ...watched, clusters: only });
    return [cluster, await crash(each, copy, environment, moto, scheduledAt(1))] as const;
  });
  crashed = Object.fromEntries(ended);
  pointsAfterCrash = await pointsAt(moto, 'NATS', minuteAt(1));
  received = [await drain(moto, 'everything')];
  // Minutes 2 and 3: all is well again, and a little more is closed meanwhile.
  await refuse(lone, 'billing', 1);
  await hangUp(lone, 1);
  await ringHolds(lone, 13);
  for (const minute of [2, 3]) {
    runs = [...runs, await all.invoke(scheduledAt(minute))];
    received = [...received, await drain(moto, 'everything')];
  }
  points = await Promise.all([0, 1, 2, 3].map((minute) => pointsAt(moto, 'NATS', minuteAt(minute))));
  memory = await memoryItems(moto, deployed.table);
  await all.stop();
});
afterAll(() => Promise.all([lone.stop(), moto.stop()]));

const closedOf = (all: readonly Point[], cluster: string): readonly Point[] =>
  all.filter((point) => point.cluster === cluster && point.series.startsWith('nats_connections_closed'));
/** Connections closed by all classes together; null without a datapoint. */
const totalOf = (all: readonly Point[], cluster: string): number | null => {
  const closed = closedOf(all, cluster);
  return closed.length === 0 ? null : closed.reduce((sum, { value }) => sum + value, 0);
};
const messagesOf = (cluster: string): readonly Received[] =>
  received.flat().filter(({ message }) => message.cluster === cluster);

/** A cluster's connections closed by minute, and the minutes of the runs whose messages came, repeats included. */
const outcomeOf = (cluster: string) => {
  const minutes = (severity: string) =>
    messagesOf(cluster)
      .filter(({ message }) => message.severity === severity)
      .map(({ message }) => (Date.parse(message.at) - minuteAt(0)) / 60_000);
  return {
    closed: points.map((all) => totalOf(all, cluster)),
    critical: minutes('critical'),
    warning: minutes('warning'),
  };
};

it('an undisturbed run takes exactly the steps at which the others are killed', () => {
  expect(crashed['undisturbed']).toEqual({
    invocation: { run: 'done' },
    taken: ['claim', 'save', 'metrics', 'critical', 'warning', 'clear'],
  });
});

it('a killed run is killed, one to which AWS fails ends with an error, a lost reply disturbs nothing', () => {
  const ends = clusters.map((cluster) => [cluster, crashed[cluster]?.invocation.run]);
  const expected = clusters.map((cluster) => {
    if (cluster.includes('killed')) return [cluster, 'killed'];
    return [cluster, /refused|throttled|dropped/.test(cluster) ? 'failed' : 'done'];
  });
  expect(ends).toEqual(expected);
  expect(runs.map(({ run }) => run)).toEqual(['done', 'done', 'done']);
});

it('whatever goes wrong, every close is counted once and both findings are told, again only under the same minute', () => {
  const nothingSaved = { closed: [0, null, 13, 0], critical: [2], warning: [2] };
  const saved = { closed: [0, 11, 2, 0], critical: [1], warning: [1] };
  const toldTwice = { closed: [0, 11, 2, 0], critical: [1, 1], warning: [1, 1] };
  const outcomes = Object.fromEntries(clusters.map((cluster) => [cluster, outcomeOf(cluster)]));
  expect(outcomes).toEqual({
    killed: nothingSaved,
    'killed.claim': nothingSaved,
    'killed.claim.save': saved,
    'killed.claim.save.metrics': saved,
    'killed.claim.save.critical': { ...saved, critical: [1, 1] },
    'killed.claim.save.metrics.critical': { ...saved, critical: [1, 1] },
    'killed.claim.save.warning': { ...saved, warning: [1, 1] },
    'killed.claim.save.metrics.warning': { ...saved, warning: [1, 1] },
    'killed.claim.save.critical.warning': toldTwice,
    'killed.claim.save.metrics.critical.warning': toldTwice,
    'killed.claim.save.metrics.critical.warning.clear': saved,
    'metrics.refused': saved,
    'metrics.throttled': saved,
    'messages.refused': saved,
    'all.refused': saved,
    'claim.dropped': nothingSaved,
    'save.dropped': nothingSaved,
    'clear.dropped': toldTwice,
    'messages.refused.killed': saved,
    'replies.lost': toldTwice,
    undisturbed: saved,
  });
});

it.each(clusters)(
  '%s: the minutes add up to the closed rows of the server, class by class',
  async (cluster) => {
    const classes: Readonly<Record<string, string>> = {
      'Authentication Failure': 'auth',
      'Client Closed': 'planned',
    };
    const rows = Object.groupBy(await closedRows(lone), ({ reason }) => classes[reason] ?? reason);
    const sums: Record<string, number> = {};
    for (const { series, value } of points.flatMap((all) => closedOf(all, cluster))) {
      const word = /reason_class=(\w+)/.exec(series)?.[1] ?? series;
      sums[word] = (sums[word] ?? 0) + value;
    }
    expect(sums).toEqual({
      planned: 0,
      auth: 0,
      slow: 0,
      limit: 0,
      network: 0,
      other: 0,
      ...Object.fromEntries(Object.entries(rows).map(([word, held]) => [word, held?.length])),
    });
  },
);

it('what is sent again is the same, word for word', () => {
  const different = clusters.filter((cluster) => {
    const texts = new Set(messagesOf(cluster).map(({ message }) => JSON.stringify(message)));
    const ids = new Set(messagesOf(cluster).flatMap(({ message }) => message.notices.map(({ id }) => id)));
    return texts.size !== 2 || ids.size !== 2;
  });
  expect(different).toEqual([]);
});

it('two findings are open in the end, which have counted each refused login once, and nothing is left to send', () => {
  const remembered = clusters.map((cluster) => {
    const item = memory[`connection-stopped#${cluster}`];
    const findings = Object.values(stateOf(item).findings);
    const open = points[3]?.filter(
      (point) => point.cluster === cluster && point.series.startsWith('nats_findings_open'),
    );
    return {
      cluster,
      counted: Object.fromEntries(findings.map(({ entity, observed }) => [entity.name, observed])),
      open: open?.map(({ value }) => value),
      isOutboxLeft: item !== undefined && 'outbox' in item,
    };
  });
  expect(remembered).toEqual(
    clusters.map((cluster) => ({
      cluster,
      counted: { intruder: 6, billing: 4 },
      open: [1, 1],
      isOutboxLeft: false,
    })),
  );
});

it('what AWS takes is sent although it fails elsewhere; without memory nothing is sent', () => {
  const names = clusters.filter((cluster) => crashed[cluster]?.invocation.run === 'failed');
  const sent = names.map((cluster) => {
    const told = received[0]?.filter(({ message }) => message.cluster === cluster);
    return [
      cluster,
      {
        closed: totalOf(pointsAfterCrash, cluster),
        told: told?.map(({ message }) => message.severity).sort(),
      },
    ];
  });
  expect(Object.fromEntries(sent)).toEqual({
    'metrics.refused': { closed: null, told: ['critical', 'warning'] },
    'metrics.throttled': { closed: null, told: ['critical', 'warning'] },
    'messages.refused': { closed: 11, told: [] },
    'all.refused': { closed: null, told: [] },
    'claim.dropped': { closed: null, told: [] },
    'save.dropped': { closed: null, told: [] },
    'clear.dropped': { closed: 11, told: ['critical', 'warning'] },
  });
});

it('the error that Lambda logs names the service and what it answered', () => {
  const errorOf = (cluster: string) => {
    const invocation = crashed[cluster]?.invocation;
    return invocation?.run === 'failed' ? invocation.error : invocation?.run;
  };
  expect({
    metrics: errorOf('metrics.throttled'),
    messages: errorOf('messages.refused'),
    claim: errorOf('claim.dropped'),
    save: errorOf('save.dropped'),
    clear: errorOf('clear.dropped'),
  }).toEqual({
    metrics: expect.stringMatching(
      /connection-stopped: .*CloudWatch did not take \d+ of \d+ datapoints .*Rate exceeded/,
    ) as string,
    messages: expect.stringMatching(
      /connection-stopped: .*SNS topic arn:.* did not take 1 of 1 messages/,
    ) as string,
    claim: expect.stringMatching(
      /memory connection-stopped#claim\.dropped in table .*: its claim failed: .*/,
    ) as string,
    save: expect.stringMatching(
      /memory connection-stopped#save\.dropped in table .*: its save failed: .*/,
    ) as string,
    clear: expect.stringMatching(/its clearing of the outbox failed: .*/) as string,
  });
});
