import type { Check } from '../../lambdas/define.ts';
import { findSeries } from '../../lambdas/series/find.ts';
import { seriesPerServer } from '../rules/series-per-server.ts';
import { batchesOf } from '../settings/batches.ts';
import { mostMemory, type FunctionSize } from '../settings/functions.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';

/**
 * By servers in a check's largest batch. Measured at a share of a processor as it comes with the memory: 100 servers take 155
 * MB and 3 s of 512 MB, 290 MB where 10,000 clients have left each of them within ten minutes; 500 take 445 MB and 15 s.
 */
const sizes = [
  { servers: 25, memoryMegabytes: 256, timeoutSeconds: 50 },
  { servers: 100, memoryMegabytes: 512, timeoutSeconds: 50 },
  { servers: Infinity, memoryMegabytes: 1_769, timeoutSeconds: 55 },
] as const;

/**
 * Of rules that read what servers say of each stream and consumer: 25 servers with 1,000 consumers took 290 MB, 100 of them
 * 690 MB.
 */
const megabytes = { withoutEntities: 150, anEntity: 0.009, step: 64 } as const;

/** Memory and time of a check's function: as settings say, else as much as the fleet and its rules need. */
export function functionSize(
  { evaluates }: Pick<Check, 'evaluates'>,
  { settings, translated }: Pick<AlarmInput, 'settings' | 'translated'>,
): FunctionSize {
  const { functions, clusters, alarms } = settings;
  const largest = Math.max(...batchesOf(clusters).map(({ servers }) => servers));
  const { memoryMegabytes, timeoutSeconds } = sizes.find(({ servers }) => largest <= servers) ?? sizes[2];
  const entities = evaluates === 'rules' && readsEntities(translated) ? largest * alarms.entities : 0;
  const forEntities = megabytes.withoutEntities + entities * megabytes.anEntity;
  const needed = Math.max(memoryMegabytes, Math.ceil(forEntities / megabytes.step) * megabytes.step);
  return {
    memoryMegabytes: functions.memory ?? Math.min(needed, mostMemory),
    timeoutSeconds: functions.timeout === undefined ? timeoutSeconds : functions.timeout / 1_000,
  };
}

const readsEntities = ({ rules }: AlarmInput['translated']): boolean =>
  rules.some(
    ({ status, series }) =>
      status === 'translated' &&
      series.some((name) => findSeries(name).some((each) => seriesPerServer(each, 2) > 1)),
  );
