import { request } from 'undici';
import type { Recorded } from './recording.ts';

/** The same requests with nothing around them: undici's `request` and `JSON.parse`, in the same order and as parallel. */
export async function readBare(requests: readonly Pick<Recorded, 'url' | 'after'>[]): Promise<void> {
  const read: Promise<unknown>[] = [];
  for (const { url, after } of requests) {
    const before = after === null ? undefined : read[after];
    read.push(before === undefined ? get(url) : before.then(() => get(url)));
  }
  await Promise.all(read);
}

async function get(url: string): Promise<unknown> {
  const { body } = await request(url);
  return JSON.parse(await body.text()) as unknown;
}
