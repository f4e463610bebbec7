import { expect, it } from 'vitest';
import clusterLinks from '../../lambdas/checks/cluster-links.ts';
import { run } from '../../lambdas/run/run.ts';
import { failing } from '../kit.ts';
import { fakeWorld, minute, rawVarz, watchOf, type Answers } from '../engine/fake-ports.ts';

/** What a run asks of a server that answers so, and what it cannot tell. */
async function look(answers: Answers) {
  const world = fakeWorld({ n1: answers });
  const report = await run(clusterLinks, watchOf(clusterLinks), world.ports(), minute(0));
  const gateways = report?.entries.flatMap(({ diagnoses }) =>
    diagnoses.filter(({ id }) => id === 'CLUSTER_113').map(({ outcome }) => outcome),
  );
  return { asked: world.reads.filter((read) => read.includes('/gatewayz')), gateways };
}

const gatewayz = { server_id: 'n1', now: rawVarz['now'], outbound_gateways: {}, inbound_gateways: {} };
const varz = { server_id: 'n1', gateway: { name: 'east' } };

it('gateways are asked of a server that has some', async () => {
  expect(await look({ varz, paths: { '/gatewayz': gatewayz } })).toEqual({
    asked: ['n1 /gatewayz'],
    gateways: ['ok'],
  });
});

it('gateways are not asked of a server without: it has none', async () => {
  expect(await look({})).toEqual({ asked: [], gateways: ['not-applicable'] });
});

it('gateways are not asked of a server that does not say whether it has some', async () => {
  expect(await look({ varz: failing('timeout') })).toEqual({ asked: [], gateways: ['unknown'] });
});
