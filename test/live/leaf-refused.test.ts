import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLeafRefused, type Servers } from '../scenes/alone.ts';
import { answersOf, targetsOf, watchingLive, type LiveLook } from './watching.ts';

/** The real leaf server leaf3 presents a wrong password to hub1, again every second. */
describe.each(['2.15.1', '2.10.27'] as const)('a leaf that its hub refuses, on nats-server %s', (version) => {
  let scene: Servers;
  let look: LiveLook;
  beforeAll(async () => {
    scene = await startLeafRefused({ version });
    const cluster = { expect: { leafnodes: ['leaf3'] } };
    look = await watchingLive('leafnode-connections', targetsOf(...scene.servers), { cluster }).look();
  });
  afterAll(() => scene.stop());

  const of = (id: string) => look.findings.find(({ diagnosis }) => diagnosis === id);

  it('is reported at once on a first run, as no leafnode connected, one missing, and one remote down', () => {
    expect(look.reported).toEqual([
      'opened LEAF_101 critical live',
      'opened LEAF_102 warning leaf3',
      'opened LEAF_103 warning leaf3 -> APP',
    ]);
    expect(look.messages.map(({ subject }) => subject)).toEqual([
      '[critical] live leafnode-connections: opened LEAF_101 live',
      '[warning] live leafnode-connections: opened LEAF_102 leaf3 and 1 more',
    ]);
  });

  it('is refused by the hub: LEAF_101 says so, and who tried', () => {
    expect(of('LEAF_101')?.summary).toMatch(/expected: leaf3; .*\(Authentication Failure \d+\)/);
    expect(of('LEAF_101')?.evidence).toContain('who tried: leaf3');
  });

  it('is closed at once on the leaf side, which knows no reason: LEAF_103 says so', () => {
    expect(of('LEAF_103')?.summary).toMatch(/^leaf3 .* account APP: .* the other end closes it at once/);
    expect(of('LEAF_103')?.evidence.join('\n')).toMatch(/Client Closed \(\d+\)/);
  });

  it('is in a reconnect loop for its credentials, reported once though both ends are watched', async () => {
    const watch = watchingLive('connection-stopped', targetsOf(...scene.servers));
    const loop = await watch.look();
    const loops = loop.findings.filter(({ diagnosis }) => diagnosis === 'LEAF_104');
    expect(loops.map(({ severity, entity }) => `${severity} ${entity.name}`)).toEqual(['warning leaf3']);
    expect(loops[0]?.summary).toMatch(
      /^Leafnode leaf3 .*by hub1 .*next comes about .* later.*the hub refuses its credentials\.$/,
    );
    expect(answersOf(loop, 'LEAF_104')).toMatchObject({ cluster: { outcome: 'warning' } });
    expect((await watch.look()).reported).toEqual([]);
  });
});
