import type { ClosedConnection } from '../define.ts';

/** What a client calls itself, whole: its name, or its id as an MQTT client; undefined for none. */
export function clientName(row: Pick<ClosedConnection, 'name' | 'mqtt_client'>): string | undefined {
  const name = row.name ?? row.mqtt_client;
  return name === undefined || name.trim() === '' ? undefined : name;
}

const longestShown = 64;
const endShown = 24;

/** A name as rows of several show it: one too long has both its ends, for names of one kind differ there. */
export const shown = (name: string, longest = longestShown): string =>
  name.length <= longest ? name : `${name.slice(0, longest - endShown - 1)}…${name.slice(-endShown)}`;
