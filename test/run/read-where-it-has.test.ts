import { describe, expect, it } from 'vitest';
import clusterLinks from '../../lambdas/checks/cluster-links.ts';
import leafnodeConnections from '../../lambdas/checks/leafnode-connections.ts';
import type { Check } from '../../lambdas/define.ts';
import { run } from '../../lambdas/run/run.ts';
import { failing } from '../kit.ts';
import { fakeWorld, minute, rawVarz, watchOf, type Answers } from '../engine/fake-ports.ts';

/** What a run of a check asks at this path of a server that answers so, and what it says by this diagnosis. */
async function look(check: Check, path: string, diagnosis: string, answers: Answers) {
  const world = fakeWorld({ n1: answers });
  const report = await run(check, watchOf(check), world.ports(), minute(0));
  const found = report?.entries.flatMap(({ diagnoses }) =>
    diagnoses.filter(({ id }) => id === diagnosis).map(({ outcome }) => outcome),
  );
  return { asked: world.reads.filter((read) => read.endsWith(path)).length, found };
}

describe('gateways', () => {
  const gateways = (answers: Answers) => look(clusterLinks, '/gatewayz', 'CLUSTER_113', answers);
  const gatewayz = { server_id: 'n1', now: rawVarz['now'], outbound_gateways: {}, inbound_gateways: {} };
  const varz = { server_id: 'n1', gateway: { name: 'east' } };

  it('are asked of a server that has some', async () => {
    expect(await gateways({ varz, paths: { '/gatewayz': gatewayz } })).toEqual({ asked: 1, found: ['ok'] });
  });

  it('are not asked of a server without: it has none', async () => {
    expect(await gateways({})).toEqual({ asked: 0, found: ['not-applicable'] });
  });

  it('are not asked of a server that does not say whether it has some', async () => {
    expect(await gateways({ varz: failing('timeout') })).toEqual({ asked: 0, found: ['unknown'] });
  });
});

describe('routes', () => {
  const routes = async (answers: Answers) => (await look(clusterLinks, '/routez', '', answers)).asked;
  const alone = { routes: 0, cluster: {} };

  it('are asked of a server that listens for them, or has some', async () => {
    expect([
      await routes({ varz: { ...alone, cluster: { cluster_port: 6222 } } }),
      await routes({ varz: { ...alone, routes: 1 } }),
    ]).toEqual([1, 1]);
  });

  it('are not asked of a server that is in no cluster', async () => {
    expect(await routes({ varz: alone })).toBe(0);
  });

  it('are asked of a server that does not say whether it has some: the reply tells who it is', async () => {
    expect([
      await routes({ varz: failing('timeout') }),
      await routes({ varz: { ...alone, routes: -1 } }),
    ]).toEqual([1, 1]);
  });
});

describe('leafnodes', () => {
  const leafnodes = (varz: Answers['varz']) =>
    look(leafnodeConnections, '/leafz', 'LEAF_103', varz === undefined ? {} : { varz });
  const alone = { leafnodes: 0, leaf: {} };
  const remotes = [{ urls: ['hub:7422'] }];

  it('are asked of a server that listens for them, dials them, or has some', async () => {
    const some = [
      { ...alone, leaf: { port: 7422 } },
      { ...alone, leaf: { remotes } },
      { ...alone, leafnodes: 1 },
    ];
    const looks = await Promise.all(some.map(leafnodes));
    expect(looks.map(({ asked }) => asked)).toEqual([1, 1, 1]);
  });

  it('are not asked of a server that knows of none', async () => {
    expect(await leafnodes(alone)).toEqual({ asked: 0, found: ['not-applicable'] });
  });

  it('are asked of a server that does not say whether it has some: the reply tells who it is', async () => {
    expect(await leafnodes(failing('timeout'))).toEqual({ asked: 1, found: ['unknown'] });
  });
});
