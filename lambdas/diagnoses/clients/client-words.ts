import type { Target } from '../../define.ts';
import type { ClientRow } from '../../readings/decoders/clients.ts';
import { clientName, shown } from '../client-name.ts';
import { accountOf } from './census.ts';

/** `ingest (APP) from 10.0.0.7:50000, cid 12`; of a leafnode and an MQTT client that it is one. */
export function clientWords(row: ClientRow): string {
  const kind = row.kind === 'Leafnode' ? 'leafnode ' : row.type === 'mqtt' ? 'MQTT client ' : '';
  const name = clientName(row);
  return `${kind}${name === undefined ? '(unnamed)' : shown(name)} (${shown(accountOf(row))}) from ${row.ip}:${row.port}, cid ${row.cid}`;
}

/** The first connections in an order, for a shell. */
export const clientsCommand = ({ url }: Target, order: string, fields: readonly string[]): string =>
  `curl -s '${url}/connz?auth=1&sort=${order}&limit=20' | grep -E '"(${['cid', 'ip', 'name', 'mqtt_client', 'account', ...fields].join('|')})":'`;

/** What clients are called, how often each, the most frequent first. */
export const countedCommand = ({ url }: Target, fields: readonly string[]): string =>
  `curl -s '${url}/connz?auth=1&limit=20000' | grep -E '"(${fields.join('|')})":' | sort | uniq -c | sort -rn | head -30`;
