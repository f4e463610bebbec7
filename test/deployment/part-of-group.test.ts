import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment as variables } from '../../lambdas/environment.ts';
import type { Moto } from '../services/moto.ts';
import { newestNatsVersion as version, startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { borrowMoto } from '../services/shared-moto.ts';
import { minuteAt, scheduledAt } from './fleet.ts';
import { startLambda } from './lambda-process.ts';
import { pointsAt } from './reading-back.ts';
import { undeployedFunction } from './undeployed.ts';

let moto: Moto;
let server: NatsServer;
/** By the checks that are deployed: how a run ended, and how many counts of open findings it told. */
const told: Record<string, unknown> = {};
const groups = ['connection-count connection-stopped', 'connection-count'] as const;
beforeAll(async () => {
  [moto, server] = await Promise.all([borrowMoto(), startNatsServer({ version, name: 'n1' })]);
  const clusters = [{ name: 'prod', targets: [{ name: 'n1', url: server.monitoringUrl }] }];
  const { code, environment } = await undeployedFunction(moto, 'connection-count', { clusters });
  for (const [minute, group] of groups.entries()) {
    const lambda = await startLambda(code, { ...environment, [variables.group]: group });
    const { run } = await lambda.invoke(scheduledAt(minute));
    await lambda.stop();
    const points = await pointsAt(moto, 'NATS', minuteAt(minute));
    told[group] = [run, points.some(({ series }) => series.startsWith('nats_findings_open'))];
  }
});
afterAll(async () => {
  await Promise.all([server.stop(), moto.stop()]);
});

describe('the function of a check of whose group not all is deployed', () => {
  it('says that nothing is open without waiting for those that never run', () => {
    expect(told).toEqual({ [groups[0]]: ['done', false], [groups[1]]: ['done', true] });
  });
});
