import type { CollectorId, reflective } from './collectors.ts';
import { jszRows } from './jsz-rows.ts';
import { textAt } from './json.ts';
import type { MetadataKeys, Row, SeriesReplies } from './replies.ts';
import { list, listIn, objectIn, one } from './shapes.ts';

/** The rows of each family, with the labels that prometheus-nats-exporter gives them. */
type RowsOf = (replies: SeriesReplies, metadata: MetadataKeys) => readonly Row[];
type Flattened = (typeof reflective)[number];

export const rowsOf: Readonly<Record<Exclude<CollectorId, Flattened | 'up'>, RowsOf>> = {
  connz: ({ connz }) => one(connz),
  connzRow: ({ connz }) =>
    listIn(connz, 'connections').map((json) => ({
      json,
      labels: {
        ...texts(json, ['cid', 'kind', 'type', 'ip', 'port', 'name', 'name_tag', 'lang', 'version']),
        ...texts(json, ['tls_version', 'tls_cipher_suite']),
        account: textAt(json, 'account'),
        account_id: textAt(json, 'account'),
      },
    })),
  healthz: ({ healthz }) => ofHealth(healthz),
  healthzJsEnabledOnly: ({ healthzJsEnabledOnly }) => ofHealth(healthzJsEnabledOnly),
  healthzJsServerOnly: ({ healthzJsServerOnly }) => ofHealth(healthzJsServerOnly),
  leafz: ({ leafz }) => one(leafz),
  leafzRow: ({ leafz }) => ofLeafs(leafz),
  leafzSubscription: ({ leafz }) =>
    ofLeafs(leafz).flatMap(({ json, labels }) =>
      listIn(json, 'subscriptions_list').map((subject) => ({
        json: subject,
        labels: { ...labels, subscription: String(subject) },
      })),
    ),
  gatewayzOutbound: ({ gatewayz }) =>
    Object.entries(objectIn(gatewayz, 'outbound_gateways')).map(([remote, json]) =>
      ofGateway(gatewayz, remote, json),
    ),
  gatewayzInbound: ({ gatewayz }) =>
    Object.entries(objectIn(gatewayz, 'inbound_gateways')).flatMap(([remote, some]) =>
      list(some, `inbound_gateways.${remote}`).map((json) => ofGateway(gatewayz, remote, json)),
    ),
  accstatz: ({ accstatz }) =>
    listIn(accstatz, 'account_statz').map((json) => ({
      json,
      // The name is there from 2.11.0.
      labels: {
        account: textAt(json, 'acc'),
        account_id: textAt(json, 'acc'),
        account_name: textAt(json, 'name'),
      },
    })),
  accountz: ({ accountz }) =>
    (accountz ?? []).map((reply) => {
      const json = objectIn(reply, 'account_detail');
      return {
        json,
        labels: { account_id: textAt(json, 'account_name'), account_name: textAt(json, 'name_tag') },
      };
    }),
  ...jszRows,
};

function ofLeafs(leafz: unknown): readonly Row[] {
  return listIn(leafz, 'leafs').map((json) => ({
    json,
    labels: {
      ...texts(json, ['ip', 'port', 'name']),
      account: textAt(json, 'account'),
      account_id: textAt(json, 'account'),
    },
  }));
}

function ofGateway(gatewayz: unknown, remote: string, json: unknown): Row {
  const labels = {
    gateway_name: textAt(gatewayz, 'name'),
    remote_gateway_name: remote,
    cid: textAt(json, 'connection', 'cid'),
  };
  return { json, labels };
}

/** A server that gave no answer is a row too: one series says so. */
function ofHealth(healthz: unknown): readonly Row[] {
  return healthz === null ? [{ json: null, labels: {} }] : one(healthz);
}

function texts(json: unknown, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, textAt(json, name)]));
}
