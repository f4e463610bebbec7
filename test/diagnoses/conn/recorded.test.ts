import { describe, expect, it } from 'vitest';
import connectionStopped from '../../../lambdas/checks/connection-stopped.ts';
import { lookAtRecorded } from '../../recorded.ts';
import { natsVersions } from '../../services/nats-binary.ts';

const hubs = ['hub1', 'hub2', 'leaf1', 'leaf2'];
const own = ['CONN_003', 'CONN_102', 'CONN_103', 'CONN_104', 'CONN_105', 'SERVER_102'];
const ofAll = (ids: readonly string[], outcome: string) => Object.fromEntries(ids.map((id) => [id, outcome]));

describe.each(natsVersions)('connection-stopped over recorded replies of nats-server %s', (version) => {
  it('finds nothing in a healthy cluster', async () => {
    const look = await lookAtRecorded(connectionStopped, version, 'healthy');
    expect(look.found).toEqual([]);
    expect(look.outcomes).toEqual({
      // What slow consumers are of is told from 2.10 on.
      ...Object.fromEntries(
        hubs.map((hub) => [
          hub,
          { ...ofAll(own, 'ok'), SERVER_004: version === '2.9.10' ? 'not-applicable' : 'ok' },
        ]),
      ),
      cluster: ofAll(['CONN_101', 'LEAF_104', 'CLUSTER_101'], 'ok'),
    });
  });

  it('finds the refused client, the slow consumer and the full server of a cluster in trouble', async () => {
    const look = await lookAtRecorded(connectionStopped, version, 'trouble/1');
    expect(look.found.filter((found) => !found.includes(' info ')).sort()).toEqual([
      'CONN_101 warning billing-old',
      'CONN_102 warning hub1',
      'CONN_103 warning max_connections of hub2',
      'LEAF_104 warning APP/edge-loop',
    ]);
  });

  it('counts every row of that cluster once, by class', async () => {
    const { observations } = await lookAtRecorded(connectionStopped, version, 'trouble/1');
    const of = (server: string) =>
      Object.fromEntries(
        observations
          .filter(
            ({ series, labels }) => series === 'nats_connections_closed' && labels['server_id'] === server,
          )
          .map(({ labels, value }) => [labels['reason_class'] ?? '', value]),
      );
    expect([of('hub1'), of('hub2')]).toEqual([
      { planned: 3, auth: 52, slow: 1, limit: 0, network: 5, other: 0 },
      { planned: 3, auth: 0, slow: 0, limit: 1, network: 0, other: 0 },
    ]);
  });

  it('shows what closed, the most frequent unexpected reason first', async () => {
    const { findings } = await lookAtRecorded(connectionStopped, version, 'trouble/1');
    const [stopped] = findings.filter(
      ({ diagnosis, target }) => diagnosis === 'CONN_003' && target === 'hub1',
    );
    expect(stopped?.evidence.slice(0, 2)).toEqual([
      'no name: 2 of 57 clients, from 127.0.0.1; a name in the connect options would tell whose they are',
      '52 × Authentication Failure (its credentials were refused): billing-old; from 127.0.0.7',
    ]);
  });

  it('takes a lame-duck drain for what it is: no warning of any kind', async () => {
    const look = await lookAtRecorded(connectionStopped, version, 'lame-duck');
    expect(look.found.filter((found) => !found.includes(' info '))).toEqual([]);
    const [drain] = look.findings.filter(({ diagnosis }) => diagnosis === 'CLUSTER_101');
    expect(drain?.summary).toBe(
      'hub1 drains: 10 clients sent away, 6 left; how many returned elsewhere is not known, since nobody watched before.',
    );
  });

  it('prints no JWT and no token', async () => {
    const look = await lookAtRecorded(connectionStopped, version, 'trouble/1');
    expect(JSON.stringify(look)).not.toMatch(/eyJ|"jwt"/);
  });
});
