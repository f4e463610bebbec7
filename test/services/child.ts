import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { onPath, run } from './command.ts';

export type Child = {
  readonly pid: number;
  /** Resolves once it has ended, with its exit code or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Asks it to end (SIGTERM, also when it is frozen) and waits until it has; after 10 s it is killed. */
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
    async stop() {
      child.kill('SIGTERM');
      child.kill('SIGCONT');
      const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(killer);
    },
  };
}

/** Busybox has a `setpriv` too, which does not know `--pdeathsig`. */
async function findKeeper(): Promise<string | undefined> {
  const file = await onPath('setpriv');
  const help = file === undefined ? '' : await run(file, ['--help']).catch(() => '');
  return help.includes('--pdeathsig') ? file : undefined;
}
