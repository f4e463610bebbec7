import { describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/define.ts';
import { PutError, RunTwiceError } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { closingServer } from '../readings/closing-server.ts';
import { checkOf, fakeWorld, minute, watchOf, type Step } from '../engine/fake-ports.ts';
import { closing, crowds, seenBy } from '../engine/sample-checks.ts';
import { client, each } from '../engine/samples.ts';

describe('a run whose process is killed', () => {
  const steps: readonly Step[] = ['claim', 'read', 'save', 'put', 'publish', 'clear'];
  const kills = steps.flatMap((step) => (['before', 'after'] as const).map((when) => ({ step, when })));
  const isSaved = ({ step, when }: (typeof kills)[number]) =>
    steps.indexOf(step) > steps.indexOf('save') || (step === 'save' && when === 'after');

  it.each(kills)('$when $step loses and doubles nothing', async (kill) => {
    const server = closingServer();
    const world = fakeWorld({ n1: { closed: server.page } });
    await run(closing, watchOf(closing), world.ports(), minute(0));

    server.pass(minutes(1));
    server.close(3);
    world.answers = { n1: { closed: server.page, varz: { connections: 12 } } };
    await expect(run(closing, watchOf(closing), world.ports(kill), minute(1))).rejects.toThrow();

    server.pass(minutes(1));
    server.close(2);
    const report = await run(closing, watchOf(closing), world.ports(), minute(2));
    expect(seenBy(report)).toContain('n1 CONN_901: 5 closed');

    // A repeated datapoint is the same one: same time, same value.
    const closes = world.taken.datapoints.filter(({ series }) => series === 'nats_closed');
    const byTime = new Map(closes.map(({ at, value }) => [at, value]));
    expect(closes.filter(({ at, value }) => byTime.get(at) !== value)).toEqual([]);
    const [first, second, third] = [0, 1, 2].map((n) => new Date(minute(n)).toISOString());
    expect([...byTime]).toEqual(
      isSaved(kill)
        ? [
            [first, 0],
            [second, 3],
            [third, 2],
          ]
        : [
            [first, 0],
            [third, 5],
          ],
    );

    // A notice that comes twice has one id.
    const reported = new Set(world.taken.messages.map(({ id, statuses }) => `${id} ${statuses.join()}`));
    const opened = isSaved(kill) ? second : third;
    expect([...reported]).toEqual([`closing/c1/warning/${opened} opened`]);

    const after = await run(closing, watchOf(closing), world.ports(), minute(3));
    expect(after?.notices).toEqual([]);
    expect(world.taken.messages.length).toBeLessThanOrEqual(2);
  });

  it('in a minute in which nothing happens leaves values that are the same when they are sent again', async () => {
    const quiet: readonly Step[] = ['claim', 'read', 'put', 'save'];
    const kills = quiet.flatMap((step) => (['before', 'after'] as const).map((when) => ({ step, when })));
    for (const kill of kills) {
      const server = closingServer();
      const world = fakeWorld({ n1: { closed: server.page } });
      await run(closing, watchOf(closing), world.ports(), minute(0));
      server.pass(minutes(1));
      await expect(run(closing, watchOf(closing), world.ports(kill), minute(1))).rejects.toThrow('killed');
      server.close(2);
      server.pass(minutes(1));
      await run(closing, watchOf(closing), world.ports(), minute(2));
      const closes = world.taken.datapoints.filter(({ series }) => series === 'nats_closed');
      const isPut = kill.step === 'save' || (kill.step === 'put' && kill.when === 'after');
      const [first, second, third] = [0, 1, 2].map((n) => new Date(minute(n)).toISOString());
      expect([kill, closes.map(({ at, value }) => [at, value])]).toEqual([
        kill,
        [[first, 0], ...(isPut ? [[second, 0]] : []), [third, 2]],
      ]);
      expect(world.taken.messages).toEqual([]);
    }
  });

  it('is told by the next one though that cannot read a server', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    await run(crowds, watchOf(crowds), world.ports({ step: 'save', when: 'after' }), minute(0)).catch(
      () => null,
    );
    world.answers = {};
    await run(crowds, watchOf(crowds), world.ports(), minute(1));
    expect(world.taken.messages.map(({ id }) => id)).toEqual(['crowds/c1/warning/2026-11-20T10:00:00.000Z']);
  });

  it('does not bring back datapoints that are older than three hours, but its messages', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    const kill = { step: 'save', when: 'after' } as const;
    await run(crowds, watchOf(crowds), world.ports(kill), minute(0)).catch(() => null);
    await run(crowds, watchOf(crowds), world.ports(kill), minute(1)).catch(() => null);
    await run(crowds, watchOf(crowds), world.ports(), minute(181));
    const times = world.taken.datapoints
      .filter(({ series }) => series === 'nats_connections')
      .map(({ at }) => at);
    expect(times).toEqual([minute(1), minute(181)].map((at) => new Date(at).toISOString()));
    expect(world.taken.messages.map(({ id }) => id)).toEqual(['crowds/c1/warning/2026-11-20T10:00:00.000Z']);
  });
});

describe('a run writes memory', () => {
  const stepsOf = async (world: ReturnType<typeof fakeWorld>, at: number) => {
    const ports = world.ports();
    const steps: string[] = [];
    const memory: typeof ports.memory = {
      async claim(...key) {
        const claimed = await ports.memory.claim(...key);
        return (
          claimed && {
            ...claimed,
            async save(state, outbox) {
              steps.push(
                outbox.datapoints.length + outbox.messages.length === 0 ? 'save' : 'save with outbox',
              );
              await claimed.save(state, outbox);
            },
            async clearOutbox() {
              steps.push('clear');
              await claimed.clearOutbox();
            },
          }
        );
      },
    };
    const metrics: typeof ports.metrics = {
      async put(datapoints) {
        steps.push('put');
        await ports.metrics.put(datapoints);
      },
    };
    await run(closing, watchOf(closing), { ...ports, memory, metrics }, at).catch(() => steps.push('failed'));
    return steps;
  };

  it('once where nothing is told and nothing counted, else before and after it sends', async () => {
    const server = closingServer();
    const world = fakeWorld({ n1: { closed: server.page } });
    const quiet = ['put', 'save'];
    const eventful = ['save with outbox', 'put', 'clear'];
    expect(await stepsOf(world, minute(0))).toEqual(quiet);
    server.close(1);
    expect(await stepsOf(world, minute(1))).toEqual(eventful);
    expect(await stepsOf(world, minute(2))).toEqual(quiet);
    world.answers = { n1: { closed: server.page, varz: { connections: 12 } } };
    expect(await stepsOf(world, minute(3))).toEqual(eventful);
    expect(await stepsOf(world, minute(4))).toEqual(quiet);
  });

  it('with what CloudWatch did not take, which the next run sends first of all', async () => {
    const server = closingServer();
    const world = fakeWorld({ n1: { closed: server.page } });
    world.refuses.put = true;
    expect(await stepsOf(world, minute(0))).toEqual(['put', 'save with outbox', 'failed']);
    world.refuses.put = false;
    expect(await stepsOf(world, minute(1))).toEqual(['save with outbox', 'put', 'clear']);
    const closes = world.taken.datapoints.filter(({ series }) => series === 'nats_closed');
    expect(closes.map(({ at }) => at)).toEqual([0, 1].map((n) => new Date(minute(n)).toISOString()));
  });

  it('without what CloudWatch took, where it took a part', async () => {
    const server = closingServer();
    const world = fakeWorld({ n1: { closed: server.page } });
    const ports = world.ports();
    const metrics: typeof ports.metrics = {
      async put(datapoints) {
        const [first, ...others] = datapoints;
        await ports.metrics.put(first === undefined ? [] : [first]);
        throw new PutError([], 'CloudWatch took the first', others);
      },
    };
    await expect(run(closing, watchOf(closing), { ...ports, metrics }, minute(0))).rejects.toThrow(
      'CloudWatch took the first',
    );
    await run(closing, watchOf(closing), world.ports(), minute(1));
    const taken = world.taken.datapoints.map(({ series, labels, at }) =>
      JSON.stringify([series, labels, at]),
    );
    expect(taken.toSorted()).toEqual([...new Set(taken)].sort());
    expect(taken.length).toBeGreaterThan(2);
  });

  it('that another run of its minute has written: it ends as a duplicate', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    const ports = world.ports();
    const memory: typeof ports.memory = {
      async claim(...key) {
        const claimed = await ports.memory.claim(...key);
        return (
          claimed && {
            ...claimed,
            save: () => Promise.reject(new RunTwiceError('another run saved this minute')),
          }
        );
      },
    };
    expect(await run(crowds, watchOf(crowds), { ...ports, memory }, minute(0))).toBeNull();
    expect(world.taken.messages).toEqual([]);
  });
});

describe('a run that cannot send everything', () => {
  const failuresOf = async (running: Promise<unknown>) => {
    const error = await running.then(
      () => null,
      (reason: unknown) => reason,
    );
    return error instanceof AggregateError ? error.errors.map(String) : error;
  };

  it('fails, and sends only what is left when it can', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    world.refuses.put = true;
    const failures = [0, 1, 2].map(
      (n) => () => failuresOf(run(crowds, watchOf(crowds), world.ports(), minute(n))),
    );
    for (const attempt of failures) expect(await attempt()).toEqual(['Error: CloudWatch did not take them']);
    expect(world.taken.messages.map(({ id }) => id)).toEqual(['crowds/c1/warning/2026-11-20T10:00:00.000Z']);

    world.refuses.put = false;
    await run(crowds, watchOf(crowds), world.ports(), minute(3));
    const values = world.taken.datapoints.filter(({ series }) => series === 'nats_connections');
    expect(values.map(({ at }) => at)).toEqual([0, 1, 2, 3].map((n) => new Date(minute(n)).toISOString()));
    expect(world.taken.messages.length).toBe(1);
  });

  it('does not put datapoints again that were taken, when notices were not', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    world.refuses.publish = () => true;
    expect(await failuresOf(run(crowds, watchOf(crowds), world.ports(), minute(0)))).toEqual([
      'Error: SNS did not take it',
    ]);
    world.refuses.publish = () => false;
    await run(crowds, watchOf(crowds), world.ports(), minute(1));
    const values = world.taken.datapoints.filter(({ series }) => series === 'nats_connections');
    expect(values.map(({ at }) => at)).toEqual([0, 1].map((n) => new Date(minute(n)).toISOString()));
    expect(world.taken.messages.map(({ id }) => id)).toEqual(['crowds/c1/warning/2026-11-20T10:00:00.000Z']);
  });

  it('sends a message again that was refused, and not the one beside it', async () => {
    const both = checkOf({
      diagnoses: [
        each(() => [
          { entity: client('a'), value: 11 },
          { entity: client('b'), value: 101 },
        ]),
      ],
    });
    const world = fakeWorld();
    world.refuses.publish = ({ severity }) => severity === 'critical';
    await run(both, watchOf(both), world.ports(), minute(0)).catch(() => null);
    world.refuses.publish = () => false;
    await run(both, watchOf(both), world.ports(), minute(1));
    expect(world.taken.messages.map(({ severity }) => severity)).toEqual(['warning', 'critical']);
  });

  it('tells every failure, of metrics, notices and memory alike', async () => {
    const world = fakeWorld({ n1: { varz: { connections: 12 } } });
    world.refuses.put = true;
    world.refuses.publish = () => true;
    const ports = world.ports();
    let saves = 0;
    const forgetful: typeof ports.memory = {
      async claim(...key) {
        const claimed = await ports.memory.claim(...key);
        if (claimed === null) return null;
        const save: typeof claimed.save = async (...state) => {
          saves += 1;
          if (saves > 1) throw new Error('DynamoDB is away');
          await claimed.save(...state);
        };
        return { ...claimed, save };
      },
    };
    const running = run(crowds, watchOf(crowds), { ...ports, memory: forgetful }, minute(0));
    expect(await failuresOf(running)).toEqual([
      'Error: CloudWatch did not take them',
      'Error: SNS did not take it',
      'Error: DynamoDB is away',
    ]);
  });
});
