import { setTimeout as pause } from 'node:timers/promises';
import { terminal } from './local/terminal.ts';
import { exitCode, worst } from '../lambdas/engine/findings/outcome.ts';
import { readArguments, usage, type Arguments } from './local/arguments.ts';
import { UsageError } from './command-line.ts';
import { documentOf } from './local/document.ts';
import { chooseChecks, look, nowhere } from './local/look.ts';
import { chooseMemory } from './local/memory.ts';
import { nextLook } from './local/next-look.ts';
import { chooseTargets } from './local/targets.ts';
import type { Log } from '../lambdas/ports.ts';

const warnings: Log = {
  info: () => {},
  warn: (message, facts) =>
    process.stderr.write(`warning: ${message}${facts ? ` ${JSON.stringify(facts)}` : ''}\n`),
};

async function main(given: Arguments): Promise<number> {
  const checks = chooseChecks(given.checks);
  const scenery = await chooseTargets(given);
  for (const each of scenery.sharedUrls) warnings.warn(each);
  if (checks.some(({ evaluates }) => evaluates === 'rules'))
    for (const each of scenery.refused) warnings.warn(each);
  const memoryNow = chooseMemory(given.memory, scenery, warnings);
  const screen = terminal(process.stdout, process.stderr);
  const isRun = ({ check }: { readonly check: string }) => checks.some(({ id }) => id === check);
  const isWatched = ({ checks: own }: (typeof scenery.alarms)[number]) =>
    own.some((check) => isRun({ check }));
  const newAlarms = async () =>
    given.watch
      ? (await import('./local/watched-alarms.ts')).watchedAlarms(scenery.alarms.filter(isWatched))
      : null;
  let alarms = await newAlarms();
  const once = async (at: number) => {
    const done = screen.progress(`reading ${scenery.servers} servers`);
    const reports = await look(checks, scenery, {
      memory: memoryNow(),
      metrics: alarms ?? nowhere,
      log: warnings,
      at,
    }).finally(done);
    const document = documentOf(at, reports);
    if (given.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else
      screen.show(
        document,
        reports.flatMap(({ notices }) => notices),
        alarms?.states(at) ?? null,
      );
    return exitCode(worst(document.checks.map(({ outcome }) => outcome)));
  };
  try {
    if (scenery.note !== null) (given.json ? process.stderr : process.stdout).write(`${scenery.note}\n\n`);
    const interrupted = given.watch ? interruption() : null;
    let at = Date.now();
    let code = await once(scenery.takenAt ?? at);
    while (interrupted !== null) {
      const last = at;
      at = nextLook(last, Date.now());
      if (at < last) alarms = await newAlarms();
      if (await aborted(interrupted, at - Date.now())) break;
      code = await once(scenery.takenAt ?? at);
    }
    return scenery.isReplay ? 0 : code;
  } finally {
    await scenery.close();
  }
}

/** Aborted by the first Ctrl-C, at any time from now on; a second one ends the process as ever. */
function interruption(): AbortSignal {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  return interrupt.signal;
}

/** Waits; true as soon as the signal is aborted. */
const aborted = (signal: AbortSignal, spanMs: number): Promise<boolean> =>
  pause(Math.max(spanMs, 0), false, { signal }).catch(() => true);

/** Errors of what was given, whose message says all; by name, as some are of parts that not every run loads. */
const mistakes: readonly string[] = ['UsageError', 'SettingsError', 'MemoryFileError', 'AlarmError'];

try {
  const given = readArguments(process.argv.slice(2));
  if (given.help) process.stdout.write(usage);
  else process.exitCode = await main(given);
} catch (error) {
  const isFault = !(error instanceof Error && mistakes.includes(error.name));
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${(isFault ? stack : undefined) ?? message}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
  // Node's own 1 would be read as a warning.
  process.exitCode = 3;
}
