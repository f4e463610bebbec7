import { afterEach, describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { startLameDuck } from '../scenes/lame-duck.ts';
import { startNatsServer, type NatsServer, type NatsServerOptions } from '../services/nats-server.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

async function started(options: Partial<NatsServerOptions> = {}): Promise<NatsServer> {
  const server = await startNatsServer({ version: '2.15.1', name: 'n1', ...options });
  stop = server.stop;
  // At first it has other ports in its configuration, which would be a reason.
  await server.restart();
  return server;
}
const of = (id: string, looks: readonly LiveLook[]) =>
  looks.map(({ found }) => found.filter((each) => each.startsWith(id)));
const summaries = (look: LiveLook | undefined) =>
  look?.findings.filter(({ diagnosis }) => diagnosis === 'SERVER_008').map(({ summary }) => summary);

describe('server-up on a real server', () => {
  it.each([
    ['ended politely', async (server: NatsServer) => server.restart()],
    [
      'killed',
      async (server: NatsServer) => {
        await server.kill();
        await server.restart();
      },
    ],
  ])('that was %s and runs again warns after five minutes', async (_, end) => {
    const server = await started();
    const watch = watchingLive('server-up', targetsOf(server));
    await watch.looks(2);
    await end(server);
    const looks = await watch.looks(6);
    expect(of('SERVER_008', looks)).toEqual([[], [], [], [], [], ['SERVER_008 warning n1']]);
    expect(summaries(looks[5])).toEqual([
      expect.stringMatching(
        /^n1 restarted, and nothing shows why: no drain was seen, version and configuration are the same; it was away for at most (\d+ s|1 min( \d+ s)?)\.$/,
      ),
    ]);
  });

  it.each(['2.15.1', '2.10.27', '2.9.10'] as const)(
    'that was drained before it ended is for information, on nats-server %s',
    async (version) => {
      const scene = await startLameDuck({ version }, 10);
      stop = scene.stop;
      const watch = watchingLive('server-up', scene.targets);
      await watch.look();
      await scene.drain(2);
      await watch.look();
      await scene.hub1.restart();
      await scene.settled(2);
      const looks = await watch.looks(7);
      expect(looks.flatMap(({ reported }) => reported)).toEqual([]);
      expect(summaries(looks.at(-1))).toEqual([
        expect.stringMatching(/^hub1 was restarted after a drain \(lame duck\); it was away for at most/),
      ]);
    },
  );

  it('that was upgraded is for information', async () => {
    const server = await started({ version: '2.10.27' });
    const watch = watchingLive('server-up', targetsOf(server));
    await watch.look();
    await server.restart('2.15.1');
    const looks = await watch.looks(7);
    expect(looks.flatMap(({ reported }) => reported)).toEqual([]);
    expect(summaries(looks.at(-1))).toEqual([
      expect.stringMatching(/^n1 was restarted as 2\.15\.1 in place of 2\.10\.27; it was away/),
    ]);
  });

  it('that crashes again and again is critical at the third time, and told once', async () => {
    const server = await started();
    const watch = watchingLive('server-up', targetsOf(server));
    const looks = [await watch.look()];
    for (let crash = 0; crash < 3; crash += 1) {
      await server.kill();
      await server.restart();
      looks.push(await watch.look());
    }
    looks.push(...(await watch.looks(6)));
    expect(of('SERVER_009', looks).map((each) => each.length)).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
    expect(looks.flatMap(({ reported }) => reported)).toEqual(['opened SERVER_009 critical n1']);
  });

  it('that is reloaded, while the clock of the checks is set, is told nobody', async () => {
    const server = await started({ config: () => 'max_connections: 100' });
    const watch = watchingLive('server-up', targetsOf(server));
    const looks = [await watch.look()];
    await server.reload(() => 'max_connections: 101');
    looks.push(await watch.look(), await watch.look(minutes(50)), ...(await watch.looks(7)));
    expect(looks.flatMap(({ found }) => found)).toEqual([]);
  });
});
