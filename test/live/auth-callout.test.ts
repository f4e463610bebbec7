import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCallout, type CalloutServer } from '../scenes/callout.ts';
import { ringReaches } from '../scenes/observed.ts';
import { connect, refusal } from '../services/nats-client.ts';
import { minutes } from '../../lambdas/durations.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

// nats-server has callouts from 2.10.0 on.
describe.each(['2.10.27', '2.15.1'] as const)('with an auth callout of nats-server %s', (version) => {
  let scene: CalloutServer;
  beforeAll(async () => {
    scene = await startCallout({ version });
  });
  afterAll(() => scene.stop());

  /** Each name has an address of its own. */
  const addresses: Readonly<Record<string, string>> = { stranger: '127.0.0.4' };
  const client = (name: string, pass = 'app') => ({
    port: scene.server.clientPort,
    localAddress: addresses[name] ?? '127.0.0.5',
    ...{ name, pass, user: 'someone' },
  });
  const told = ({ found }: LiveLook) => found.filter((each) => !each.includes(' info '));
  const limits = { CONN_101: { failures: { warning: 5 } } };

  it('clients that an auth callout lets in are told as any other, and nothing is found', async () => {
    await scene.answers();
    const clients = await Promise.all(['web', 'web', 'worker'].map((name) => connect(client(name))));
    const asking = checks.filter(({ evaluates }) => evaluates === 'diagnoses');
    for (const { id, every } of asking) {
      const watch = watchingLive(id, targetsOf(scene.server), {
        cluster: { expect: { accounts: ['APP', 'AUTH'] } },
        limits: { USER_002: { connections: { warning: 3 } } },
      });
      const looks = [await watch.look(every), await watch.look(every), await watch.look(every)];
      expect([id, looks.flatMap(told)]).toEqual([id, []]);
    }
    await Promise.all(clients.map((each) => each.end()));
  });

  it('clients that it refuses are told as refused, by their names', async () => {
    await scene.answers();
    const watch = watchingLive('connection-stopped', targetsOf(scene.server), { limits });
    await watch.look();
    const { total } = (await scene.server.get('/connz?state=closed')) as { readonly total: number };
    for (let i = 0; i < 5; i += 1)
      expect(await refusal(client('stranger', 'guess'))).toBe('Authorization Violation');
    await ringReaches(scene.server, total + 5);
    const look = await watch.look();
    expect(told(look)).toEqual(['CONN_101 warning stranger']);
    expect(look.findings.find(({ diagnosis }) => diagnosis === 'CONN_101')?.summary).toMatch(
      /^Client stranger was refused 5 times within 1 h \(limit 5\)[^:]*\.$/,
    );
  });

  it('clients that it does not answer for are told as waiting in vain, and no longer once it does', async () => {
    await scene.answers();
    const watch = watchingLive('connection-stopped', targetsOf(scene.server), { limits });
    await watch.look(minutes(120));
    await scene.leaves();
    const { total } = (await scene.server.get('/connz?state=closed')) as { readonly total: number };
    expect(await Promise.all(Array.from({ length: 5 }, () => refusal(client('web'))))).toEqual(
      Array(5).fill('Authorization Violation'),
    );
    await ringReaches(scene.server, total + 5);
    const look = await watch.look();
    const found = look.findings.find(
      ({ diagnosis, entity }) => diagnosis === 'CONN_101' && entity.name === 'web',
    );
    expect(found?.summary).toMatch(
      /^Client web was refused 5 times .*: nobody told the server in time whether to let it in\.$/,
    );
    expect(found?.remedy).toContain('With an auth callout its service does not answer');
    await scene.answers();
    await (await connect(client('web'))).end();
    const after = [await watch.look(minutes(61)), await watch.look(minutes(5))];
    expect(after.flatMap(({ reported }) => reported)).toContain('resolved CONN_101 warning web');
  });
});
