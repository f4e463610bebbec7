import { httpSource } from '../../lambdas/adapters/http/source.ts';
import { emptyOutbox } from '../../lambdas/adapters/memory/codec.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { minutes, type Check } from '../../lambdas/define.ts';
import type { RunReport } from '../../lambdas/engine/findings/report.ts';
import { unsent } from '../../infra/local/look.ts';
import type { Memory, Ports } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import type { Watch } from '../../lambdas/run/watch.ts';
import { recording, type Recorded } from './recording.ts';

/** What each check saved, by its id: the state any number of runs can start from. */
export type Saved = Readonly<Record<string, string>>;

/** The state that runs start from, and when it was saved, epoch ms. */
export type Start = { readonly saved: Saved; readonly at: number };

/** What a run of all checks did: the requests of each, and the memory it left. */
export type Done = Start & { readonly requests: Readonly<Record<string, readonly Recorded[]>> };

const timeoutMs = 10_000;
export const silent: Pick<Ports, 'names' | 'handshakes' | 'metrics' | 'series' | 'notices' | 'log' | 'now'> =
  {
    names: { addresses: () => Promise.reject(new Error('no server of the bench is found by name')) },
    handshakes: { certificate: () => Promise.reject(new Error('no server of the bench has TLS')) },
    metrics: { put: async () => {} },
    series: unsent,
    notices: { publish: async () => {} },
    log: { info: () => {}, warn: () => {} },
    now: () => Date.now(),
  };

/**
 * All checks that a minute has, one after the other, each with a source and a memory of its own, as its Lambda has.
 * @param minute tells which checks it has
 * @returns what the next minute starts from
 */
export async function runChecks(watch: Watch, before: Start, minute = 0): Promise<Start> {
  const at = before.at + minutes(1);
  const saved: Record<string, string> = { ...before.saved };
  for (const check of checks.filter(({ every }) => minutes(minute) % every === 0)) {
    const source = httpSource({ timeoutMs });
    const memory = memoryFrom(before.saved[check.id] ?? null, (state) => (saved[check.id] = state));
    await run(check, watch, { ...silent, source, names: source, memory }, at);
    await source.close();
  }
  return { saved, at };
}

/**
 * The same, watched.
 * @throws Error if a check could not see: then nothing worth measuring was done
 */
export async function recordChecks(watch: Watch, before: Saved, at = Date.now()): Promise<Done> {
  const requests: Record<string, readonly Recorded[]> = {};
  const saved: Record<string, string> = {};
  for (const check of checks) {
    const http = httpSource({ timeoutMs });
    const recorded = recording(http);
    const memory = memoryFrom(before[check.id] ?? null, (state) => (saved[check.id] = state));
    const report = await run(check, watch, { ...silent, source: recorded.source, names: http, memory }, at);
    await http.close();
    expectSight(check, report);
    requests[check.id] = recorded.requests;
  }
  return { requests, saved, at };
}

function expectSight({ id }: Check, report: RunReport | null): void {
  const blind = report?.entries.find(({ outcome }) => outcome === 'unknown');
  if (report === null || blind) throw new Error(`${id} was to be measured, but saw nothing`);
}

/** A memory that any number of runs can claim, each finding the same in it. */
export const memoryFrom = (saved: string | null, keep: (state: string) => void): Memory => ({
  claim: () =>
    Promise.resolve({
      saved,
      outbox: emptyOutbox,
      unreadable: null,
      save(state) {
        keep(state);
        return Promise.resolve();
      },
      clearOutbox: () => Promise.resolve(),
    }),
});
