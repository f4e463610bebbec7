/**
 * Of AWS' clients: what hangs ends in 13 s with all its tries, within what a function keeps of its time for what follows on
 * reading. The SDK itself waits without end, and only warns of a request that is over its time; and of a reply whose headers came
 * `requestTimeout` knows nothing more (seen with 3.1162.0): `socketTimeout` ends it when it stops.
 */
export const awsLimits = {
  maxAttempts: 3,
  requestHandler: {
    ...{ connectionTimeout: 1_500, requestTimeout: 4_000, socketTimeout: 4_000 },
    throwOnRequestTimeout: true,
  },
} as const;
