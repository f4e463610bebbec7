import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { onPath, run } from './command.ts';
import { waitUntil } from './wait.ts';

export type Child = {
  readonly pid: number;
  /** Resolves once it has ended, with its exit code or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** SIGSTOP, and waits until the last of its threads has stopped: some may go on for a moment. */
  freeze(): Promise<void>;
  /** Asks it to end (SIGTERM, also when it is frozen) and waits until it has; after 30 s it is killed. */
  readonly stop: () => Promise<void>;
};

export type ChildOptions = {
  readonly command: string;
  readonly args: readonly string[];
  /** Standard output and error are appended to this file. */
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
};

const running = new Set<ChildProcess>();
let keeper: Promise<string | undefined> | undefined;
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a process that does not outlive this one: the kernel kills it when we die, by `setpriv --pdeathsig` where
 * util-linux has it, else our own exit does. Only its own pid is ever signalled.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  keeper ??= findKeeper();
  const setpriv = await keeper;
  const line = [options.command, ...options.args];
  const [command = '', ...args] = setpriv ? [setpriv, '--pdeathsig', 'KILL', '--', ...line] : line;

  const log = openSync(options.logFile, 'a');
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    env: options.env ?? process.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  closeSync(log);
  running.add(child);
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      resolve(code ?? signal ?? 'SIGKILL');
    });
  });
  try {
    await once(child, 'spawn');
  } catch (cause) {
    running.delete(child);
    throw new Error(`cannot start ${options.command}`, { cause });
  }
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.command} started without a pid`);

  return {
    pid,
    exited,
    isRunning: () => running.has(child),
    signal: (signal) => void child.kill(signal),
    async freeze() {
      child.kill('SIGSTOP');
      await waitUntil(
        `${options.command} to be frozen`,
        () => threadStates(pid),
        (states) => states.every((state) => state === 'T'),
      );
    },
    async stop() {
      child.kill('SIGTERM');
      child.kill('SIGCONT');
      const killer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await exited;
      clearTimeout(killer);
    },
  };
}

/** As `/proc` has them, `T` is stopped; none where there is no `/proc`. */
function threadStates(pid: number): readonly string[] {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return [];
  // The command's name stands before the state, in brackets, and may hold anything.
  return readdirSync(tasks).map(
    (task) => /\) (\w) /.exec(readFileSync(`${tasks}/${task}/stat`, 'utf8'))?.[1] ?? '',
  );
}

/** Busybox has a `setpriv` too, which does not know `--pdeathsig`. */
async function findKeeper(): Promise<string | undefined> {
  const file = await onPath('setpriv');
  const help = file === undefined ? '' : await run(file, ['--help']).catch(() => '');
  return help.includes('--pdeathsig') ? file : undefined;
}
