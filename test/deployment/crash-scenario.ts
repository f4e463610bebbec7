import { ringReaches } from '../scenes/observed.ts';
import { stoppingOnFailure } from '../scenes/stopping.ts';
import type { Moto } from '../services/moto.ts';
import { newestNatsVersion as version, startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { borrowMoto } from '../services/shared-moto.ts';
import { codeWith, crash, inPairs, type Crashed } from './crash-run.ts';
import { crashes } from './crashes.ts';
import { minuteAt, scheduledAt } from './fleet.ts';
import { startLambda } from './lambda-process.ts';
import { createQueue, drain, memoryItems, pointsAt, queueArn } from './reading-back.ts';
import type { Received } from './reading-back.ts';
import { hangUp, refuse } from './scene.ts';
import { undeployedFunction } from './undeployed.ts';

const clusters = Object.keys(crashes);
const namespace = 'NATS';
const queue = 'everything';

/**
 * Runs the function of `connection-stopped` for one cluster a crash, all of them the same server: minute 0 in peace;
 * minute 1, before which two names were refused often enough for findings, as each crash says; then, after a little
 * more was closed, two minutes in peace. Returns what was seen from outside.
 */
export async function crashAndRecover(lone: NatsServer, moto: Moto) {
  await createQueue(moto, queue);
  const watching = (names: readonly string[]) => ({
    clusters: names.map((name) => ({ name, targets: [{ name: 'lone', url: lone.monitoringUrl }] })),
    limits: { CONN_101: { failures: { warning: 3, critical: 6 } } },
  });
  const { code, environment, table } = await undeployedFunction(
    moto,
    'connection-stopped',
    { ...watching(clusters), publish: 'all' },
    { queueArn: queueArn(moto, queue) },
  );
  const all = await startLambda(code, environment);

  const peaceful = [await all.invoke(scheduledAt(0))];
  await refuse(lone, 'intruder', 6);
  await refuse(lone, 'billing', 3);
  await hangUp(lone, 2);
  await ringReaches(lone, 11);

  const ended = await inPairs(Object.entries(crashes), async ([cluster, each]) => {
    const copy = codeWith(code, watching([cluster]));
    const processes = Array.from({ length: each.processes }, () =>
      crash(each, copy, environment, moto, scheduledAt(1)),
    );
    return [cluster, await Promise.all(processes)] as const;
  });
  const pointsAfterCrash = await pointsAt(moto, namespace, minuteAt(1));
  const receivedAfterCrash = await drain(moto, queue);

  await refuse(lone, 'billing', 1);
  await hangUp(lone, 1);
  await ringReaches(lone, 13);
  for (const minute of [2, 3]) peaceful.push(await all.invoke(scheduledAt(minute)));
  await all.stop();

  const crashed: Readonly<Record<string, readonly Crashed[]>> = Object.fromEntries(ended);
  const received: readonly Received[] = [...receivedAfterCrash, ...(await drain(moto, queue))];
  return {
    /** By cluster, the runs of minute 1. */
    crashed,
    /** How the runs of the other minutes ended. */
    peaceful: peaceful.map(({ run }) => run),
    received,
    receivedAfterCrash,
    /** Of minutes 0 to 3. */
    points: await Promise.all([0, 1, 2, 3].map((minute) => pointsAt(moto, namespace, minuteAt(minute)))),
    /** Of minute 1, before the next run. */
    pointsAfterCrash,
    memory: await memoryItems(moto, table),
  };
}

/** A server in whose ring nothing is closed yet. */
export async function startQuietly(): Promise<readonly [NatsServer, Moto]> {
  const users = 'authorization { users: [{ user: app, password: app }] }';
  const lone = await startNatsServer({ version, name: 'lone', config: () => users });
  return [lone, await stoppingOnFailure(lone.stop, () => borrowMoto())];
}
