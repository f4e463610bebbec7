import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Moto } from '../services/moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { startAwsProxy, steps, type Step } from './aws-proxy.ts';
import type { Crash } from './crashes.ts';
import { startLambda, type Invocation } from './lambda-process.ts';

/** A copy of a function's code with other settings. */
export function codeWith(code: string, settings: unknown): string {
  const copy = path.join(temporaryFolder('code'), 'code');
  cpSync(code, copy, { recursive: true });
  writeFileSync(path.join(copy, 'settings.json'), JSON.stringify(settings));
  return copy;
}

/** How a run that went wrong ended, and the steps it took on the way. */
export type Crashed = { readonly invocation: Invocation; readonly taken: readonly Step[] };

/** For a run that hangs: it does the steps that are let through at once, those that are held or not. */
const longestWaitMs = 120_000;

/**
 * One run of a process of its own, to which AWS behaves as the crash says.
 * @throws Error if the run waits at another step and never does those at which it was to be killed
 */
export async function crash(
  { reached, faults }: Crash,
  code: string,
  environment: Readonly<Record<string, string>>,
  moto: Moto,
  scheduledTime: string,
): Promise<Crashed> {
  const done = new Set<Step>();
  const held = new Set<Step>();
  const missing = () => (reached ?? []).filter((step) => !done.has(step));
  const isDue = () => missing().length === 0 && (held.size > 0 || done.has('clear'));
  let waiting: NodeJS.Timeout | undefined;
  const proxy = await startAwsProxy(moto.endpoint, {
    judge: (step) => faults[step] ?? (reached === null || reached.includes(step) ? 'pass' : 'hold'),
    async done(step) {
      done.add(step);
      if (reached !== null && isDue()) await lambda.kill();
    },
    async held(step) {
      held.add(step);
      waiting ??= setTimeout(() => void lambda.kill(), longestWaitMs);
      if (isDue()) await lambda.kill();
    },
  });
  const lambda = await startLambda(code, { ...environment, ...moto.env, AWS_ENDPOINT_URL: proxy.endpoint });
  try {
    const invocation = await lambda.invoke(scheduledTime);
    if (invocation.run === 'killed' && missing().length > 0)
      throw new Error(`the run waited at ${[...held].join(', ')} and never did ${missing().join(', ')}`);
    const taken = proxy.taken();
    return { invocation, taken: steps.filter((step) => taken.includes(step)) };
  } finally {
    clearTimeout(waiting);
    await lambda.stop();
    proxy.stop();
  }
}

/** Does the work for each item, two at a time. */
export async function inPairs<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all([worker(), worker()]);
  return results;
}
