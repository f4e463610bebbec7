import { describe, expect, it } from 'vitest';
import staleConnections from '../../../lambdas/checks/stale-connections.ts';
import { lookAtRecorded } from '../../recorded.ts';
import { natsVersions } from '../../services/nats-binary.ts';

const atOne = { limits: { SERVER_012: { clients: { warning: 1 } } } };

describe.each(natsVersions)('stale-connections over recorded replies of nats-server %s', (version) => {
  it('finds nothing in a healthy cluster', async () => {
    const look = await lookAtRecorded(staleConnections, version, 'healthy');
    expect(look.found).toEqual([]);
    expect(look.outcomes['hub1']).toEqual({ SERVER_012: 'ok' });
  });

  it('sees one stale client, fewer than a warning needs', async () => {
    const look = await lookAtRecorded(staleConnections, version, 'trouble/1');
    expect([look.found, look.seen['hub1']?.['SERVER_012']?.split(';')[0]]).toEqual([
      [],
      'stale connections: clients 1 in 10 min',
    ]);
  });

  it('names the client that was frozen, and the pings that are too tight, where one is enough', async () => {
    const { findings } = await lookAtRecorded(staleConnections, version, 'trouble/1', atOne);
    expect(findings[0]?.summary).toBe(
      'hub1 found 1 client connection stale within 10 min (limit 1): 1 s of silence is enough to be dropped.',
    );
    expect(findings[0]?.evidence.slice(0, 5)).toEqual([
      'tight: a pause of 1 s to 2 s (garbage collection, a busy host, a network hiccup) ends a connection',
      'who: thumbnailer',
      'from: 127.0.0.8',
      'ping_interval 1 s, ping_max 1: a connection that falls silent is found after 1 s to 2 s',
      '1 connection evicted as slow consumer in the same time',
    ]);
  });

  it('finds nothing stale in a drain', async () => {
    expect((await lookAtRecorded(staleConnections, version, 'lame-duck')).found).toEqual([]);
  });

  it('publishes the exporter’s counter where the server has it', async () => {
    const { observations } = await lookAtRecorded(staleConnections, version, 'trouble/1');
    const published = observations.filter(({ series }) => series === 'gnatsd_varz_stale_connections');
    expect(published.map(({ labels, value }) => [labels['server_id'], value])).toEqual(
      version === '2.15.1'
        ? [
            ['hub1', 1],
            ['hub2', 0],
            ['leaf1', 0],
            ['leaf2', 0],
          ]
        : [],
    );
  });
});
