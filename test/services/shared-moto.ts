import { startMoto, type Moto } from './moto.ts';

const free: Moto[] = [];

/**
 * A moto without resources: one with which an earlier file of this worker is done, else a new one, as each start takes
 * seconds of a processor. `stop` leaves it to the next file; it ends with the worker.
 */
export async function borrowMoto(): Promise<Moto> {
  const used = free.pop();
  await used?.reset();
  const moto = used ?? (await startMoto());
  return { ...moto, stop: () => Promise.resolve(void free.push(moto)) };
}
