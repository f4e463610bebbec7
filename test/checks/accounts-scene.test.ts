import path from 'node:path';
import { expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { serveRecorded } from '../replay.ts';
import { natsVersions } from '../services/nats-server.ts';
import { watchingLive } from '../live/watching.ts';

it.each(natsVersions)('accounts in trouble are told alike on nats-server %s, each once', async (version) => {
  const scene = await serveRecorded(path.join(import.meta.dirname, '../recorded', version, 'accounts'));
  try {
    const clock = () => scene.takenAt.getTime();
    const watched = watchingLive('accounts', scene.targets, { clock });
    await watched.look(minutes(0));
    const look = await watched.look(minutes(5));
    const told = look.findings.map(({ severity, summary }) => `${severity}: ${summary}`);
    expect(told.map((each) => each.replace(/, \d{4}-\d\d-\d\d \d\d:\d\d UTC/, ''))).toEqual([
      'warning: The JWT of account TRIAL expired 5 min ago.',
      'warning: Account APP has 9 of the 10 connections that its JWT allows (90 %).',
      'warning: Client worker-0 of account APP on n1 has 19 of the 20 subscriptions that a connection may have (95 %).',
      'warning: Account APP does not get stream secret.> of account SHOP: it is private, and the import has no activation token, and 1 other import.',
      'info: The JWT of operator OP expires in 9 d 23 h.',
    ]);
  } finally {
    await scene.stop();
  }
});
