import { formatDuration, seconds, type Target } from '../../define.ts';
import { formatBytes, formatTime } from '../../engine/format.ts';
import { usedWords } from './memory-limit.ts';
import { hasClimbed, type Process, type Restart } from './processes.ts';

/** `3.9 GiB, 98 % of memoryLimit (4 GiB)`; null where its memory was never read. */
export function memoryWords({ memory, limit }: Process): string | null {
  const last = memory.at(-1);
  if (last === undefined) return null;
  const used = limit === null ? formatBytes(last) : usedWords(last, limit);
  return hasClimbed({ memory })
    ? `${used}, up from ${formatBytes(Math.min(...memory))} within half an hour`
    : used;
}

/** At most, as it was seen running some time before it ended. */
export const awayWords = ({ before, after }: Restart): string =>
  `for at most ${formatDuration(Math.max(seconds(1), after.startedAt - before.lastSeen))}`;

/** How it ended and what runs now, as a sentence goes on after the server's name. */
export function reasonWords({ before, after, reason }: Restart): string {
  switch (reason) {
    case 'version':
      return `was restarted as ${after.version} in place of ${before.version}${before.isDrained ? ', after a drain' : ''}`;
    case 'drained':
      return 'was restarted after a drain (lame duck)';
    case 'configuration':
      return 'was restarted with another configuration';
    case 'memory':
      return `restarted, perhaps killed for its memory: when last seen it used ${memoryWords(before) ?? 'an unknown amount'}`;
    case 'unknown':
      return 'restarted, and nothing shows why: no drain was seen, version and configuration are the same';
  }
}

const shortly = ({ before, after, reason }: Restart): string => {
  switch (reason) {
    case 'version':
      return `${after.version} after ${before.version}`;
    case 'drained':
      return 'after a drain';
    case 'configuration':
      return 'another configuration';
    case 'memory':
      return 'perhaps killed for its memory';
    case 'unknown':
      return 'nothing shows why';
  }
};

const healthyWords = ({ before, after: { healthyAt } }: Restart): string =>
  healthyAt === null
    ? 'not healthy yet'
    : `healthy again within ${formatDuration(Math.max(seconds(1), healthyAt - before.lastSeen))}`;

/** What was seen of one restart. */
export const restartRow = (restart: Restart & { readonly target: Target }): string =>
  `${restart.target.name}, ${shortly(restart)}: last seen ${formatTime(restart.before.lastSeen)}, away ${awayWords(restart)}, ${healthyWords(restart)}`;
