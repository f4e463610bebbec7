import { known } from '../define.ts';
import { formatBytes, formatCount, plural } from '../engine/format.ts';
import type { Varz } from '../readings/endpoints.ts';

/** What a server uses, as far as it says so: null for a figure that cannot be. */
export type Load = {
  /** Percent of one core. */
  readonly cpu: number | null;
  readonly cores: number | null;
  /** Bytes. */
  readonly memory: number | null;
};

export const loadOf = (varz: Varz): Load => ({
  cpu: known(() => varz.cpu),
  cores: known(() => varz.cores),
  memory: known(() => varz.mem),
});

/** `12 % of one core (2 cores)` */
export const cpuWords = ({ cpu, cores }: Load): string =>
  cpu === null
    ? 'unknown'
    : `${formatCount(cpu)} % of one core${cores === null ? '' : ` (${plural(cores, 'core')})`}`;

/** `CPU 12 % of one core (2 cores), memory 15.0 MiB` */
export const loadWords = (load: Load): string =>
  `CPU ${cpuWords(load)}, memory ${load.memory === null ? 'unknown' : formatBytes(load.memory)}`;
