import { Agent, request } from 'undici';
import type { Recorded } from './recording.ts';

const over = new Error('the run is over');

/**
 * The same requests with nothing around them: undici's `request` and `JSON.parse`, in the same order and as parallel.
 * On sockets of their own, for none stays open from one run of a Lambda to the next.
 */
export async function readBare(requests: readonly Pick<Recorded, 'url' | 'after'>[]): Promise<void> {
  const dispatcher = new Agent();
  const get = async (url: string): Promise<unknown> => {
    const { body } = await request(url, { dispatcher });
    return JSON.parse(await body.text()) as unknown;
  };
  const read: Promise<unknown>[] = [];
  for (const { url, after } of requests) {
    const before = after === null ? undefined : read[after];
    read.push(before === undefined ? get(url) : before.then(() => get(url)));
  }
  await Promise.all(read);
  // As our own source closes: an error made here would have its stack read, at a cost that no request has.
  await dispatcher.destroy(over);
}
