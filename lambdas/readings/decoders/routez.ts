// /routez: the route connections of one server.
// - Several of them lead to one peer from 2.10.0 on (pool_size and pinned accounts): count distinct remote_id.
// - remote_name from 2.9.16.
import * as z from 'zod/mini';
import { decodeWith, optionalText, text } from './decoded.ts';
import type { Decoded, Immutable } from './decoded.ts';

const schema = z.object({
  server_id: text,
  routes: z.array(z.object({ remote_id: text, remote_name: optionalText })),
});

/** A server's `/routez`. */
export type Routez = Immutable<z.output<typeof schema>>;

export function decodeRoutez(json: unknown): Decoded<Routez> {
  return decodeWith(schema, json);
}
