import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { alarmSpecs } from '../../infra/alarms/alarm-specs.ts';
import { alarmStates, stateChanges } from '../../infra/cloudwatch/evaluator.ts';
import { understand } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { synthesize } from './synth.ts';

type Cluster = { readonly name: string; readonly targets: readonly { name: string; url: string }[] };
const cluster = (name: string, servers: number, from = 1): Cluster => ({
  name,
  targets: Array.from({ length: servers }, (_, i) => ({
    name: `hub-${i + from}`,
    url: `http://${name}-hub${i + from}:8222`,
  })),
});

/** The alarms of a deployment by name: where CloudFormation has each, and all that it is told of it. */
type Deployed = ReadonlyMap<string, { readonly address: string; readonly told: string }>;

function deployed(clusters: readonly Cluster[], more: object = {}): Deployed {
  const file = path.join(temporaryFolder('fleet-changes'), 'settings.yaml');
  writeFileSync(file, JSON.stringify({ clusters, ...more }));
  const alarms = synthesize(file, checks, null).flatMap(({ name, resources }) =>
    Object.entries(resources)
      .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
      .map(([id, { Properties }]) => {
        const told = JSON.stringify(Properties);
        return [String(Properties['AlarmName']), { address: `${name} ${id}`, told }] as const;
      }),
  );
  const found = new Map(alarms);
  expect(found.size).toBe(alarms.length);
  return found;
}

/** What the second deployment does to the alarms of the first. */
const changes = (before: Deployed, after: Deployed) => ({
  added: [...after.keys()].filter((name) => !before.has(name)).sort(),
  removed: [...before.keys()].filter((name) => !after.has(name)).sort(),
  changed: [...before.keys()].filter(
    (name) => (after.get(name)?.told ?? before.get(name)?.told) !== before.get(name)?.told,
  ),
  moved: [...before.keys()].filter(
    (name) => (after.get(name)?.address ?? before.get(name)?.address) !== before.get(name)?.address,
  ),
});
const none = { added: [], removed: [], changed: [], moved: [] };

const ofServers = (alarms: Deployed, is: (server: string) => boolean) =>
  [...alarms.keys()].filter((name) => is(name.split('/').at(-2) ?? '')).sort();

describe('a fleet of 28 servers that grows to 40, to 72, and shrinks again', () => {
  const sizes = [28, 40, 72] as const;
  let fleets: Readonly<Record<(typeof sizes)[number], Deployed>>;
  beforeAll(() => {
    const made = sizes.map((size) => [size, deployed([cluster('prod', size), cluster('edge', 3)])] as const);
    fleets = Object.fromEntries(made) as typeof fleets;
  });

  it.each([
    [28, 40],
    [40, 72],
  ] as const)(
    'gets the alarms of its new servers, and no other alarm changes or moves: %i to %i',
    (few, many) => {
      const { added, ...rest } = changes(fleets[few], fleets[many]);
      const isNew = (server: string) => Number(/^hub-(\d+)$/.exec(server)?.[1] ?? 0) > few;
      expect(added).toEqual(ofServers(fleets[many], isNew));
      expect(added).toHaveLength((many - few) * 12);
      expect(rest).toEqual({ ...none, added: undefined });
    },
  );

  it.each([
    [72, 40],
    [40, 28],
  ] as const)('loses those of the servers that left, and no others: %i to %i', (many, few) => {
    const { removed, ...rest } = changes(fleets[many], fleets[few]);
    expect(removed).toEqual(changes(fleets[few], fleets[many]).added);
    expect(rest).toEqual({ ...none, removed: undefined });
  });
});

describe('alarms for each server, then for each cluster', () => {
  let perServer: Deployed;
  let perCluster: Deployed;
  beforeAll(() => {
    const clusters = [cluster('prod', 28), cluster('edge', 3)];
    perServer = deployed(clusters);
    perCluster = deployed(clusters, { alarms: { per: 'cluster' } });
  });

  it('are another alarm for each rule of servers, and all others as they were', () => {
    const { added, removed, ...rest } = changes(perServer, perCluster);
    expect(removed).toEqual(ofServers(perServer, (server) => server.startsWith('hub-')));
    expect(removed).toHaveLength(31 * 12);
    const withoutServer = (name: string) => name.replace(/\/hub-\d+\//, '/');
    expect(added).toEqual([...new Set(removed.map(withoutServer))].sort());
    expect(rest).toEqual({ ...none, added: undefined, removed: undefined });
  });

  it('and the way back is the same', () => {
    const there = changes(perServer, perCluster);
    const back = changes(perCluster, perServer);
    expect(back).toEqual({ ...none, added: there.removed, removed: there.added });
  });
});

describe('a cluster', () => {
  const prod = cluster('prod', 3);
  const edge = cluster('edge', 3);
  const named = (alarms: Deployed, name: string) =>
    [...alarms.keys()].filter((each) => each.startsWith(`nats/${name}/`)).sort();
  let both: Deployed;
  beforeAll(() => {
    both = deployed([prod, edge]);
  });

  it('that leaves the settings takes its alarms with it, and no others', () => {
    expect(changes(both, deployed([prod]))).toEqual({ ...none, removed: named(both, 'edge') });
    expect(changes(deployed([prod]), both)).toEqual({ ...none, added: named(both, 'edge') });
  });

  it('that is renamed gets alarms of its new name for those of the old one', () => {
    const renamed = deployed([prod, { ...edge, name: 'rim' }]);
    const { added, removed, ...rest } = changes(both, renamed);
    expect(removed).toEqual(named(both, 'edge'));
    expect(added).toEqual(named(renamed, 'rim'));
    expect(added).toEqual(removed.map((name) => name.replace('nats/edge/', 'nats/rim/')));
    expect(rest).toEqual({ ...none, added: undefined, removed: undefined });
  });
});

describe('a server that left the settings', () => {
  it('pages nobody while its deployment takes its alarm on up away', () => {
    const loaded = understand({ clusters: [cluster('prod', 1)] }, 'settings', checks);
    const [up] = alarmSpecs({ checks, ...loaded }).filter(({ name }) => name.includes('NatsServerDown'));
    if (up === undefined) throw new Error('no alarm on up');
    const seen = Array.from({ length: 30 }, (_, minute) => ({ minute, value: 1 }));
    const states = stateChanges(alarmStates(up, () => seen, { from: 0, to: 60 }));
    expect(states.at(-1)?.state).toBe('OK');
  });
});

/** CloudFormation creates before it deletes, and refuses a second alarm of one name. */
describe('no alarm is asked for under a name that CloudFormation still has elsewhere', () => {
  it('whatever follows on what', () => {
    const [prod, edge] = [cluster('prod', 5), cluster('edge', 3)];
    const settings: readonly Deployed[] = [
      deployed([prod]),
      deployed([prod, edge]),
      deployed([edge, prod]),
      deployed([prod], { alarms: { per: 'cluster' } }),
      deployed([prod, edge], { alarms: { per: 'cluster' } }),
      deployed([prod], { mirror: 'literal' }),
      ...[[prod], [prod, edge]].flatMap((clusters) =>
        // A deployment that is named as its cluster is.
        ['prod', 'nats-cloudwatch'].map((name) => deployed(clusters, { name, alarms: { engine: 'promql' } })),
      ),
    ];
    const withoutDeployment = (alarms: Deployed) =>
      new Map(
        [...alarms].map(([name, { address, told }]) => [
          name,
          { address: address.replace(/^[^/]+\//, ''), told },
        ]),
      );
    const moves = settings.flatMap((before, i) =>
      settings.flatMap((after, j) =>
        changes(withoutDeployment(before), withoutDeployment(after)).moved.map(
          (name) => `${i} to ${j}: ${name}`,
        ),
      ),
    );
    expect(moves).toEqual([]);
  });
});
