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
    expect(look.findings.map(({ severity, summary }) => `${severity}: ${summary}`)).toMatchInlineSnapshot();
  } finally {
    await scene.stop();
  }
});
