import { afterAll, beforeAll, expect, it } from 'vitest';
import { closedRows } from '../scenes/observed.ts';
import type { Moto } from '../services/moto.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { crashAndRecover, startQuietly } from './crash-scenario.ts';
import { crashes } from './crashes.ts';
import { minuteAt } from './fleet.ts';
import { stateOf, type Point, type Received } from './reading-back.ts';

const clusters = Object.keys(crashes);

let lone: NatsServer;
let moto: Moto;
let seen: Awaited<ReturnType<typeof crashAndRecover>>;
beforeAll(async () => {
  [lone, moto] = await startQuietly();
  seen = await crashAndRecover(lone, moto);
});
afterAll(() => Promise.all([lone.stop(), moto.stop()]));

const endOf = (cluster: string) => seen.crashed[cluster]?.[0]?.invocation.run;
const closedOf = (all: readonly Point[], cluster: string): readonly Point[] =>
  all.filter((point) => point.cluster === cluster && point.series.startsWith('nats_connections_closed'));
/** Connections closed by all classes together; null without a datapoint. */
const totalOf = (all: readonly Point[], cluster: string): number | null => {
  const closed = closedOf(all, cluster);
  return closed.length === 0 ? null : closed.reduce((sum, { value }) => sum + value, 0);
};
const messagesOf = (cluster: string): readonly Received[] =>
  seen.received.filter(({ message }) => message.cluster === cluster);

/** A cluster's connections closed by minute, and the minutes of the runs whose messages came, repeats included. */
const outcomeOf = (cluster: string) => {
  const minutes = (severity: string) =>
    messagesOf(cluster)
      .filter(({ message }) => message.severity === severity)
      .map(({ message }) => (Date.parse(message.at) - minuteAt(0)) / 60_000);
  return {
    closed: seen.points.map((all) => totalOf(all, cluster)),
    critical: minutes('critical'),
    warning: minutes('warning'),
  };
};

/** Of a run that has something to tell, and whose memory is worth a new base. */
const all = ['claim', 'note', 'take', 'base', 'save', 'metrics', 'critical', 'warning', 'clear'];

it('an undisturbed run takes exactly the steps at which the others are killed', () => {
  expect(seen.crashed['undisturbed']).toEqual([{ invocation: { run: 'done' }, taken: all }]);
});

it('of two that are started at the same moment for a minute one does the work, the other ends before it tells anything', () => {
  const [none, one] = seen.crashed['twice']?.toSorted((a, b) => a.taken.length - b.taken.length) ?? [];
  expect(one).toEqual({ invocation: { run: 'done' }, taken: all });
  expect(none?.invocation).toEqual({ run: 'done' });
  expect([['claim'], ['claim', 'note'], ['claim', 'note', 'take']]).toContainEqual(none?.taken);
});

it('a killed run is killed, one to which AWS fails ends with an error, and those after it are fine', () => {
  const ends = clusters.map((cluster) => [cluster, endOf(cluster)]);
  const expected = clusters.map((cluster) => {
    if (cluster.includes('killed')) return [cluster, 'killed'];
    return [cluster, /refused|throttled|dropped/.test(cluster) ? 'failed' : 'done'];
  });
  expect(ends).toEqual(expected);
  expect(seen.peaceful).toEqual(['done', 'done', 'done']);
});

it('whatever goes wrong, every close is counted once and both findings are told, again only under the same minute', () => {
  const nothingSaved = { closed: [0, null, 13, 0], critical: [2], warning: [2] };
  const saved = { closed: [0, 11, 2, 0], critical: [1], warning: [1] };
  const toldTwice = { closed: [0, 11, 2, 0], critical: [1, 1], warning: [1, 1] };
  const outcomes = Object.fromEntries(clusters.map((cluster) => [cluster, outcomeOf(cluster)]));
  expect(outcomes).toEqual({
    killed: nothingSaved,
    'killed.claim': nothingSaved,
    'killed.note': nothingSaved,
    'killed.take': nothingSaved,
    'killed.base': nothingSaved,
    'killed.save': saved,
    'killed.save.metrics': saved,
    'killed.save.critical': { ...saved, critical: [1, 1] },
    'killed.save.metrics.critical': { ...saved, critical: [1, 1] },
    'killed.save.warning': { ...saved, warning: [1, 1] },
    'killed.save.metrics.warning': { ...saved, warning: [1, 1] },
    'killed.save.critical.warning': toldTwice,
    'killed.save.metrics.critical.warning': toldTwice,
    'killed.save.metrics.critical.warning.clear': saved,
    'metrics.refused': saved,
    'metrics.throttled': saved,
    'messages.refused': saved,
    'all.refused': saved,
    'claim.dropped': nothingSaved,
    'note.dropped': nothingSaved,
    'take.dropped': nothingSaved,
    'base.dropped': nothingSaved,
    'save.dropped': nothingSaved,
    'clear.dropped': toldTwice,
    'messages.refused.killed': saved,
    'replies.lost': toldTwice,
    undisturbed: saved,
    twice: saved,
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
    for (const { series, value } of seen.points.flatMap((all) => closedOf(all, cluster))) {
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
    const memory = seen.memory[`connection-stopped#${cluster}`];
    const findings = Object.values(stateOf(memory).findings);
    const open = seen.points[3]?.filter(
      (point) => point.cluster === cluster && point.series.startsWith('nats_findings_open'),
    );
    return {
      cluster,
      counted: Object.fromEntries(findings.map(({ entity, observed }) => [entity.name, observed])),
      open: open?.map(({ value }) => value),
      isOutboxLeft: memory !== undefined && 'outbox' in memory.item,
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
  const names = clusters.filter((cluster) => endOf(cluster) === 'failed');
  const sent = names.map((cluster) => {
    const reported = seen.receivedAfterCrash.filter(({ message }) => message.cluster === cluster);
    return [
      cluster,
      {
        closed: totalOf(seen.pointsAfterCrash, cluster),
        reported: reported.map(({ message }) => message.severity).sort(),
      },
    ];
  });
  expect(Object.fromEntries(sent)).toEqual({
    'metrics.refused': { closed: null, reported: ['critical', 'warning'] },
    'metrics.throttled': { closed: null, reported: ['critical', 'warning'] },
    'messages.refused': { closed: 11, reported: [] },
    'all.refused': { closed: null, reported: [] },
    'claim.dropped': { closed: null, reported: [] },
    'note.dropped': { closed: null, reported: [] },
    'take.dropped': { closed: null, reported: [] },
    'base.dropped': { closed: null, reported: [] },
    'save.dropped': { closed: null, reported: [] },
    'clear.dropped': { closed: 11, reported: ['critical', 'warning'] },
  });
});

it('the error that Lambda logs names the service and what it answered', () => {
  const errorOf = (cluster: string) => {
    const invocation = seen.crashed[cluster]?.[0]?.invocation;
    return invocation?.run === 'failed' ? invocation.error : invocation?.run;
  };
  expect({
    metrics: errorOf('metrics.throttled'),
    messages: errorOf('messages.refused'),
    claim: errorOf('claim.dropped'),
    base: errorOf('base.dropped'),
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
    base: expect.stringMatching(
      /memory connection-stopped#base\.dropped#a in table .*: its save failed: .*/,
    ) as string,
    save: expect.stringMatching(
      /memory connection-stopped#save\.dropped in table .*: its save failed: .*/,
    ) as string,
    clear: expect.stringMatching(/its clearing of the outbox failed: .*/) as string,
  });
});
