import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { terminal } from './local/terminal.ts';
import { plural } from '../lambdas/engine/format.ts';
import { exitCode, worst } from '../lambdas/engine/findings/outcome.ts';
import { readArguments, usage, type Arguments } from './local/arguments.ts';
import { UsageError } from './command-line.ts';
import { documentOf } from './local/document.ts';
import { chooseChecks, look, nowhere } from './local/look.ts';
import { chooseMemory } from './local/memory.ts';
import { nextLook } from './local/next-look.ts';
import { chooseTargets } from './local/targets.ts';
import type { Log } from '../lambdas/ports.ts';

const screen = terminal(process.stdout, process.stderr);

const warnings: Log = {
  info: () => {},
  warn: (message, facts) => screen.warn(`${message}${facts ? ` ${JSON.stringify(facts)}` : ''}`),
};

async function main(given: Arguments): Promise<number> {
  const checks = chooseChecks(given.checks);
  const scenery = await chooseTargets(given);
  for (const each of scenery.sharedUrls) warnings.warn(each);
  if (checks.some(({ evaluates }) => evaluates === 'rules'))
    for (const each of scenery.refused) warnings.warn(each);
  const memoryNow = chooseMemory(given.memory, scenery, warnings);
  const isRun = ({ check }: { readonly check: string }) => checks.some(({ id }) => id === check);
  const isWatched = ({ checks: own }: (typeof scenery.alarms)[number]) =>
    own.some((check) => isRun({ check }));
  const newAlarms = async () =>
    given.watch
      ? (await import('./local/watched-alarms.ts')).watchedAlarms(scenery.alarms.filter(isWatched))
      : null;
  let alarms = await newAlarms();
  const once = async (at: number) => {
    const done = screen.progress(`reading ${plural(scenery.servers, 'server')}`);
    const reports = await look(checks, scenery, {
      memory: memoryNow(),
      metrics: alarms ?? nowhere,
      log: warnings,
      at,
    }).finally(done);
    const document = documentOf(at, reports);
    if (given.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else if (alarms === null) screen.show(document);
    else
      screen.watch({
        document,
        notices: reports.flatMap(({ notices }) => notices),
        alarms: alarms.states(at),
      });
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
    screen.end();
    await scenery.close();
  }
}

/** Aborted by the first Ctrl-C or by what ends a process or closes its terminal, at any time from now on; a second one ends it at once. */
function interruption(): AbortSignal {
  const interrupt = new AbortController();
  // Whatever ends the process, the terminal's screen is given back.
  process.once('exit', screen.end);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interrupt.signal.aborted) process.exit(128 + constants.signals[signal]);
      interrupt.abort();
    });
  }
  return interrupt.signal;
}

/** Waits; true as soon as the signal is aborted. */
const aborted = (signal: AbortSignal, spanMs: number): Promise<boolean> =>
  pause(Math.max(spanMs, 0), false, { signal }).catch(() => true);

// Whoever reads may have read enough: `| head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

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
