import type { Source } from '../../lambdas/ports.ts';

/** A request as a check made it. */
export type Recorded = {
  readonly url: string;
  /** The request whose end it waited for; null for those made at once. */
  readonly after: number | null;
  readonly bytes: number;
};

/** A source that keeps what is asked of it, in order. */
export function recording(source: Source): { readonly source: Source; readonly requests: Recorded[] } {
  const requests: Recorded[] = [];
  let lastEnded: number | null = null;
  return {
    requests,
    source: {
      async read(target, request) {
        const url = target.url + request.path;
        const index = requests.push({ url, after: lastEnded, bytes: 0 }) - 1;
        const reading = await source.read(target, request);
        const made = requests[index];
        if (!reading.ok) throw new Error(`the bench reads a healthy server, but ${reading.failure.message}`);
        if (made !== undefined) requests[index] = { ...made, bytes: reading.value.bytes };
        lastEnded = index;
        return reading;
      },
    },
  };
}
