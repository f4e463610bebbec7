import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { understand } from '../../infra/settings.ts';
import { bundle } from '../../infra/stacks/bundle.ts';
import { environment } from '../../lambdas/environment.ts';
import { serveRecorded, type Replay } from '../replay.ts';
import { functionResources } from '../services/function-resources.ts';
import type { Moto } from '../services/moto.ts';
import { borrowMoto } from '../services/shared-moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { scheduledAt } from './fleet.ts';
import { startLambda, type LambdaProcess } from './lambda-process.ts';

/** Keeps whoever asks waiting, until it is to hang up. */
const hanging = createServer((_request, response) => {
  asked.resolve(undefined);
  void hangUp.promise.then(() => response.destroy());
});
const asked = Promise.withResolvers<undefined>();
const hangUp = Promise.withResolvers<undefined>();

let moto: Moto;
let replay: Replay;
/** One function, in two execution environments: Lambda has as many as run at the same time. */
let environments: readonly [LambdaProcess, LambdaProcess];
beforeAll(async () => {
  hanging.listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  [moto, replay] = await Promise.all([
    borrowMoto(),
    serveRecorded(path.join(import.meta.dirname, '../recorded/2.15.1/alone')),
  ]);
  const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
  const clusters = [
    { name: 'healthy', targets: replay.targets },
    { name: 'slow', targets: [{ name: 'hangs', url }] },
  ];
  const raw = { clusters, requestTimeout: '10s' };
  const code = temporaryFolder('code');
  bundle(code, raw, understand(raw, 'batches').translated.plan);
  const resources = await functionResources(moto, 'batches');
  const start = () => startLambda(code, { ...moto.env, ...resources, [environment.check]: 'server-up' });
  environments = [await start(), await start()];
});
afterAll(async () => {
  hanging.close();
  hanging.closeAllConnections();
  await Promise.all([...environments.map(({ stop }) => stop()), replay.stop(), moto.stop()]);
});

/** Of each cluster that an environment has run, what it logged of its servers, in order. */
const outcomesIn = async ({ log }: LambdaProcess) =>
  (await log())
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { readonly message: string; readonly outcomes?: object })
    .map(({ message, outcomes }) => [message, outcomes ?? null]);
const healthy = ['server-up, cluster healthy', { alone: 'ok', cluster: 'ok' }];

describe('an invocation of a batch', () => {
  it('is done while another one waits for a server that hangs', async () => {
    const [one, other] = environments;
    const slow = one.invoke(scheduledAt(0), ['slow']);
    await asked.promise;
    const isSlowDone = slow.then(
      () => true,
      () => true,
    );
    expect(await other.invoke(scheduledAt(0), ['healthy'])).toEqual({ run: 'done' });
    expect(await Promise.race([isSlowDone, Promise.resolve(false)])).toBe(false);
    expect(await outcomesIn(other)).toEqual([healthy]);
    hangUp.resolve(undefined);
    expect(await slow).toEqual({ run: 'done' });
    expect(await outcomesIn(one)).toEqual([
      ['server-up, cluster slow', { hangs: 'critical', cluster: 'unknown' }],
    ]);
  });

  it('reads until 15 s before the end of its time, and calls nobody down whom it did not reach', async () => {
    const [, other] = environments;
    expect(await other.invoke(scheduledAt(1), ['healthy'], 15_000)).toEqual({ run: 'done' });
    expect((await outcomesIn(other)).at(-1)).toEqual([
      'server-up, cluster healthy',
      { alone: 'unknown', cluster: 'unknown' },
    ]);
  });

  it('runs the clusters that it knows, and fails by name of those that it does not', async () => {
    const [, other] = environments;
    expect(await other.invoke(scheduledAt(2), ['removed', 'healthy'])).toEqual({
      run: 'failed',
      error: "Error: server-up: cluster removed: not in this function's settings, so it was not run",
    });
    expect((await outcomesIn(other)).at(-1)).toEqual(healthy);
  });

  it('of a minute that an older schedule, of all clusters, has run already does nothing, successfully', async () => {
    const [one, other] = environments;
    expect(await other.invoke(scheduledAt(3), ['healthy'])).toEqual({ run: 'done' });
    expect(await one.invoke(scheduledAt(3))).toEqual({ run: 'done' });
    expect(await outcomesIn(one)).toContainEqual([
      'server-up, cluster healthy: this minute, or a later one, was run before',
      null,
    ]);
  });
});
