/** Does the work; if it fails, stops what was started for it and throws its error. */
export async function stoppingOnFailure<T>(stop: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await stop();
    throw error;
  }
}
