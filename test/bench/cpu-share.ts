import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of CPU that all threads of a process have used (Linux). */
function cpuMs(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  const used = (task: string) => Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]);
  return readdirSync(tasks).reduce((sum, task) => sum + used(task), 0) / 1e6;
}

const everyMs = 5;
/** What is not used is saved up for so long, of time gone by. */
const savedMs = 50;

/**
 * Holds a process to a share of one core: while it has used more CPU than its share of the time gone by, it is stopped
 * (SIGSTOP). That needs no privileges, and is as exact on a busy machine.
 */
export function holdToShare(pid: number, share: number): void {
  let isStopped = false;
  let lastMs = performance.now();
  let allowedMs = cpuMs(pid);
  const timer = setInterval(() => {
    try {
      const usedMs = cpuMs(pid);
      const nowMs = performance.now();
      allowedMs = Math.min(allowedMs + (nowMs - lastMs) * share, usedMs + savedMs * share);
      lastMs = nowMs;
      const isOver = usedMs > allowedMs;
      if (isOver === isStopped) return;
      isStopped = isOver;
      process.kill(pid, isOver ? 'SIGSTOP' : 'SIGCONT');
    } catch {
      // It has ended.
      clearInterval(timer);
    }
  }, everyMs);
}
