import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { selfSigned } from '../adapters/http/self-signed.ts';
import { loopback } from '../services/loopback.ts';
import { startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

/** The blocks of a configuration that may have a certificate of their own. */
export const listeners = ['client', 'cluster', 'gateway', 'leafnodes', 'websocket', 'mqtt'] as const;
type ListenerName = (typeof listeners)[number];

/** Until when each certificate is valid, epoch ms; each was issued for a year. */
export type Ends = Readonly<Record<ListenerName, number>>;

export const issuedFor = 365 * 86_400_000;

export const alike = (until: number): Ends => ({
  client: until,
  cluster: until,
  gateway: until,
  leafnodes: until,
  websocket: until,
  mqtt: until,
});

export type TlsServer = {
  readonly server: NatsServer;
  /** Writes other certificates over its files. */
  readonly renew: (ends: Ends) => void;
  /** Has it load its files anew. */
  readonly reload: () => Promise<void>;
};

/**
 * A server on which every listener has TLS with a certificate of its own. Routes and gateways ask for one in turn, the others
 * where `verifies` says so. It has a route to nobody: JetStream, which MQTT needs, does not start in a cluster of one.
 */
export async function startTlsServer(
  version: NatsVersion,
  ends: Ends,
  { verifies = false, name = 'n1' } = {},
): Promise<TlsServer> {
  const dir = temporaryFolder('tls');
  const file = (listener: ListenerName, what: 'cert' | 'key') => path.join(dir, `${listener}-${what}.pem`);
  const renew = (next: Ends): void => {
    mkdirSync(dir, { recursive: true });
    for (const listener of listeners) {
      const until = next[listener];
      const { cert, key } = selfSigned('nats', { from: until - issuedFor, until });
      writeFileSync(file(listener, 'cert'), cert);
      writeFileSync(file(listener, 'key'), key);
    }
  };
  const tls = (listener: ListenerName, asks = verifies): string => {
    const [cert, key] = [file(listener, 'cert'), file(listener, 'key')].map((each) => JSON.stringify(each));
    const verify = asks ? `, ca_file: ${cert}, verify: true` : '';
    return `tls { cert_file: ${cert}, key_file: ${key}${verify} }`;
  };
  renew(ends);
  const config = ({ cluster, leaf }: { readonly cluster: number; readonly leaf: number }): string => `
${tls('client')}
cluster { name: east, listen: "${loopback}:${cluster}", routes: ["nats://${loopback}:1"], ${tls('cluster', true)} }
gateway { name: east, listen: "${loopback}:-1", ${tls('gateway', true)} }
leafnodes { listen: "${loopback}:${leaf}", ${tls('leafnodes')} }
websocket { listen: "${loopback}:-1", ${tls('websocket')} }
mqtt { listen: "${loopback}:-1", ${tls('mqtt')} }
jetstream { store_dir: data, max_memory_store: 64M, max_file_store: 64M }
accounts { APP { jetstream: enabled, users: [{ user: app, password: app }] }, SYS { users: [{ user: sys, password: sys }] } }
system_account: SYS`;
  const server = await startNatsServer({ version, name, config });
  return { server, renew, reload: () => server.reload(config) };
}
