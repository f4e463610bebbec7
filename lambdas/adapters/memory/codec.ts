import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { units, type Severity, type Unit } from '../../define.ts';
import type { NoticeKind, Outbox } from '../../ports.ts';

/** Which memory: one a check and cluster. Check ids hold no `#`, so two keys never share an id. */
export const memoryId = (key: { readonly check: string; readonly cluster: string }): string =>
  `${key.check}#${key.cluster}`;

// Synchronous: measured, zlib's thread pool gains nothing at 4 MB (83 ms a way) and costs 0.2 ms a call below.
export const packText = (text: string): Uint8Array => gzipSync(text);

/** @throws Error if these bytes are not gzip, or incomplete */
export const unpackText = (bytes: Uint8Array): string => gunzipSync(bytes).toString('utf8');

/** What a text takes in its memory's item. */
export const gzippedBytes = (text: string): number => packText(text).byteLength;

/** Whether a text takes at most this in its memory's item. Gzip lengthens no text by more than 1 %: short ones pass untried. */
export const fitsGzipped = (text: string, mostBytes: number): boolean =>
  Buffer.byteLength(text) * 1.01 + 100 <= mostBytes || gzippedBytes(text) <= mostBytes;

export const emptyOutbox: Outbox = { datapoints: [], messages: [] };

const word = <T extends string>() => z.custom<T>((value) => typeof value === 'string', 'expected a word');
const unit = z.custom<Unit>(
  (value) => typeof value === 'string' && Object.hasOwn(units, value),
  'expected a unit',
);

/** An outbox as it was stored. What was stored in another shape must not reach CloudWatch or SNS. */
export const storedOutbox: z.core.$ZodType<Outbox> = z.object({
  datapoints: z.array(
    z.object({
      series: z.string(),
      labels: z.record(z.string(), z.string()),
      value: z.number(),
      unit,
      at: z.string(),
    }),
  ),
  messages: z.array(
    z.object({
      id: z.string(),
      check: z.string(),
      cluster: z.string(),
      severity: word<Severity>(),
      statuses: z.array(word<NoticeKind>()),
      subject: z.string(),
      json: z.string(),
      text: z.string(),
      short: z.string(),
      reader: z.exactOptional(z.literal('chat')),
    }),
  ),
});

/**
 * JSON text checked against `schema`.
 * @throws Error that says where the text is wrong
 */
export function parseStored<T>(schema: z.core.$ZodType<T>, text: string): T {
  const parsed = z.safeParse(schema, JSON.parse(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`unexpected shape at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`);
}
