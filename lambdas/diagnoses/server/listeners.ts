import type { Target } from '../../define.ts';
import { hasFrom } from '../../engine/versions.ts';
import type { Varz } from '../../readings/endpoints.ts';

/** A port of a server where TLS is spoken. */
export type Listener = {
  readonly name: string;
  readonly port: number;
  /** When its certificate expires, as `/varz` says it, epoch ms; null where that is silent. */
  readonly notAfter: number | null;
};

/** The first releases whose `/varz` says when certificates expire. */
export const showExpiry = ['2.11.12', '2.12.4', '2.14.0'];

const listener = (
  name: string,
  port: number | undefined,
  { tls_cert_not_after: notAfter }: { readonly tls_cert_not_after?: number | undefined },
  hasTls: boolean | undefined,
): readonly Listener[] =>
  port !== undefined && port > 0 && (hasTls === true || notAfter !== undefined)
    ? [{ name, port, notAfter: notAfter ?? null }]
    : [];

/** Clients and monitoring show the same certificate, so that monitoring's port tells of both where it has TLS. */
function ofClients({ url }: Target, varz: Varz): readonly Listener[] {
  const { protocol, port } = new URL(url);
  if (protocol !== 'https:') return listener('client', varz.port, varz, varz.tls_required);
  const asked = port === '' ? 443 : Number(port);
  return asked === varz.https_port
    ? listener('client and monitoring', asked, varz, true)
    : [
        ...listener('client', varz.port, varz, varz.tls_required),
        // A proxy has a certificate of its own.
        ...listener('monitoring', asked, {}, true),
      ];
}

/** What of a server's listeners has TLS; before `/varz` shows certificates MQTT may have, where another has. */
export function tlsListenersOf(target: Target, varz: Varz): readonly Listener[] {
  const { cluster, gateway, leaf, websocket, mqtt, version } = varz;
  const known = [
    ...ofClients(target, varz),
    ...listener('cluster', cluster.cluster_port, cluster, cluster.tls_required),
    ...listener('gateway', gateway.port, gateway, gateway.tls_required),
    ...listener('leafnode', leaf.port, leaf, leaf.tls_required),
    ...listener('websocket', websocket.port, websocket, websocket.no_tls !== true),
  ];
  const mayBe = known.length > 0 && !hasFrom(version, showExpiry);
  return [...known, ...listener('MQTT', mqtt.port, mqtt, mayBe)];
}
