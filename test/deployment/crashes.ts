import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Moto } from '../services/moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { startAwsProxy, steps, type Step, type Verdict } from './aws-proxy.ts';
import { startLambda, type Invocation } from './lambda-process.ts';

/** One way for a run to go wrong. */
export type Crash = {
  /** The run is killed when AWS has done these of its steps, and no other. Null: it is not killed. */
  readonly reached: readonly Step[] | null;
  readonly faults: Readonly<Partial<Record<Step, Verdict>>>;
};

/**
 * Every state that a kill can leave AWS in: steps follow one another, but metrics and messages, which go out together,
 * get through in any combination. So a kill right after a step is the same as one right before the next.
 */
export function kills(): Readonly<Record<string, Crash>> {
  const before: readonly Step[] = ['claim', 'save'];
  const together: readonly Step[] = ['metrics', 'critical', 'warning'];
  const combinations = Array.from({ length: 2 ** together.length }, (_, bits) =>
    together.filter((__, i) => bits & (1 << i)),
  );
  const states: readonly (readonly Step[])[] = [
    [],
    ['claim'],
    ...combinations.map((some) => [...before, ...some]),
    [...before, ...together, 'clear'],
  ];
  return Object.fromEntries(
    states.map((reached) => [['killed', ...reached].join('.'), { reached, faults: {} } as const]),
  );
}

/** A copy of a function's code with other settings. */
export function codeWith(code: string, settings: unknown): string {
  const copy = path.join(temporaryFolder('code'), 'code');
  cpSync(code, copy, { recursive: true });
  writeFileSync(path.join(copy, 'settings.json'), JSON.stringify(settings));
  return copy;
}

/** How a run that went wrong ended, and the steps it took on the way. */
export type Crashed = { readonly invocation: Invocation; readonly taken: readonly Step[] };

/** One run of a process of its own, to which AWS behaves as the crash says. */
export async function crash(
  { reached, faults }: Crash,
  code: string,
  environment: Readonly<Record<string, string>>,
  moto: Moto,
  scheduledTime: string,
): Promise<Crashed> {
  const done = new Set<Step>();
  let isHeld = false;
  const killIfDue = async (): Promise<void> => {
    if (reached === null || !reached.every((step) => done.has(step))) return;
    if (isHeld || done.has('clear')) await lambda.kill();
  };
  const proxy = await startAwsProxy(moto.endpoint, {
    judge: (step) => faults[step] ?? (reached === null || reached.includes(step) ? 'pass' : 'hold'),
    async done(step) {
      done.add(step);
      await killIfDue();
    },
    async held() {
      isHeld = true;
      await killIfDue();
    },
  });
  const lambda = await startLambda(code, { ...environment, ...moto.env, AWS_ENDPOINT_URL: proxy.endpoint });
  try {
    const invocation = await lambda.invoke(scheduledTime);
    const taken = proxy.taken();
    return { invocation, taken: steps.filter((step) => taken.includes(step)) };
  } finally {
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
