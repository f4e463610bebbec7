import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { natsVersions, startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { jetStream, jetStreamConfig } from './jetstream.ts';

describe.each(natsVersions)('asking JetStream of nats-server %s', (version) => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer({ version, name: 'n1', config: jetStreamConfig });
  });
  afterAll(() => server.stop());

  it('fails with its reason where it refuses, and succeeds where it does not', async () => {
    const { createStream, fill, end } = await jetStream(server);
    await expect(createStream('ORDERS', { num_replicas: 3 })).rejects.toThrow(
      'JetStream refuses $JS.API.STREAM.CREATE.ORDERS: replicas > 1 not supported in non-clustered mode',
    );
    await createStream('ORDERS');
    await fill('ORDERS', 3);
    await end();
    await expect.poll(() => server.get('/jsz')).toMatchObject({ streams: 1, messages: 3 });
  });

  it('fails with what it waited for where nobody answers', async () => {
    const { fill, end } = await jetStream(server, { timeoutMs: 200 });
    await expect(fill('NOWHERE', 1)).rejects.toThrow('in vain for JetStream to answer nowhere.0');
    await end();
  });
});
