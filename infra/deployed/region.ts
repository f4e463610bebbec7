import { EnvironmentError } from '../command-line.ts';

/** @throws EnvironmentError where AWS' usual environment names no Region */
export async function ensureRegion(client: {
  readonly config: { readonly region: () => Promise<string> };
}): Promise<void> {
  try {
    await client.config.region();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(
      `no AWS Region (${reason}): set AWS_REGION, or AWS_PROFILE to a profile that has one`,
    );
  }
}
