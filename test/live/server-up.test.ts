import { afterEach, describe, expect, it } from 'vitest';
import { startLameDuck } from '../scenes/lame-duck.ts';
import { startNatsServer } from '../services/nats-server.ts';
import { watchingLive, type LiveLook } from './watching.ts';

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

const up = ({ datapoints }: LiveLook): Readonly<Record<string, number>> =>
  Object.fromEntries(
    datapoints
      .filter(({ series }) => series === 'up')
      .map(({ labels, value }) => [labels['server_id'] ?? '', value] as const),
  );

describe.each(['2.15.1', '2.10.27'] as const)('server-up on nats-server %s', (version) => {
  it('tells of a killed server in the third run, and of its return', async () => {
    const server = await startNatsServer({ version, name: 'n1' });
    stop = server.stop;
    const watch = watchingLive('server-up', [{ name: 'n1', url: server.monitoringUrl }]);
    expect(up(await watch.look())).toEqual({ n1: 1 });
    await server.kill();
    const down = [await watch.look(), await watch.look(), await watch.look()];
    expect(down.map((look) => [up(look)['n1'], look.found])).toEqual([
      [0, []],
      [0, []],
      [0, ['SERVER_101 critical n1']],
    ]);
    expect(down[2]?.findings[0]?.summary).toBe(
      'n1 does not answer (unreachable); it did within the last hour.',
    );
    expect(down[2]?.messages.map(({ subject }) => subject)).toEqual([
      '[critical] live server-up: opened SERVER_101 n1',
    ]);
    await server.restart();
    const back = [
      await watch.look(),
      await watch.look(),
      await watch.look(),
      await watch.look(),
      await watch.look(),
    ];
    expect(back.map(({ messages }) => messages.flatMap(({ statuses }) => statuses))).toEqual([
      [],
      [],
      [],
      [],
      ['resolved'],
    ]);
  });

  it('tells a hanging server by its code', async () => {
    const server = await startNatsServer({ version, name: 'n1' });
    stop = async () => {
      server.resume();
      await server.stop();
    };
    await server.pause();
    const http = { timeoutMs: 1_000 };
    const target = { name: 'n1', url: server.monitoringUrl };
    const look = await watchingLive('server-up', [target], { http }).look();
    expect(look.findings.map(({ summary }) => summary)).toEqual([
      'n1 does not answer in time (timeout); nobody saw it answer before.',
    ]);
  });

  it('recognises a lame-duck drain, so that the end of the server is reported as planned', async () => {
    const scene = await startLameDuck({ version });
    stop = scene.stop;
    const watch = watchingLive('server-up', scene.targets);
    await watch.look();
    await scene.drain(2);
    const draining = await watch.look();
    expect(draining.outcomes).toMatchObject({ hub1: 'ok', hub2: 'ok' });
    expect(draining.report.entries.find(({ target }) => target === 'hub1')?.diagnoses[0]?.seen).toContain(
      'lame duck',
    );
    await scene.hub1.kill();
    await watch.look();
    await watch.look();
    expect((await watch.look()).findings.map(({ summary }) => summary)).toEqual([
      'hub1 does not answer (unreachable) after it was drained: it was in lame-duck mode within the last hour.',
    ]);
  });
});
