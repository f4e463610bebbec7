import * as z from 'zod/mini';
import { decodeWith, goTime, text } from './decoded.ts';
import type { Decoded, Immutable } from './decoded.ts';

const schema = z.object({
  server_id: text,
  /** The server's own clock, epoch ms. */
  now: goTime,
});

/** Who gave a reply. */
export type Answerer = Immutable<z.output<typeof schema>>;

export const decodeAnswerer = (json: unknown): Decoded<Answerer> => decodeWith(schema, json);
