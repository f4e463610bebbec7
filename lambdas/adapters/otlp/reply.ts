import * as z from 'zod/mini';

/** What the endpoint says of a request that it took: how many of its points it rejected, and why. */
export type Verdict = {
  readonly rejected: number;
  /** Empty where it has nothing to say; it may warn though it rejects nothing. */
  readonly message: string;
};

const response = z.object({
  partialSuccess: z.nullish(
    z.object({
      // 64 bits, which protobuf's JSON writes as a string.
      rejectedDataPoints: z._default(z.coerce.number(), 0),
      errorMessage: z._default(z.string(), ''),
    }),
  ),
});

/** Reads OTLP's ExportMetricsServiceResponse. One that cannot be read is reported in `message`. */
export function verdictOf(body: string): Verdict {
  if (body === '') return { rejected: 0, message: '' };
  const parsed = response.safeParse(json(body));
  if (!parsed.success) return { rejected: 0, message: `an unreadable answer: ${firstWords(body)}` };
  const { rejectedDataPoints = 0, errorMessage = '' } = parsed.data.partialSuccess ?? {};
  return { rejected: rejectedDataPoints, message: firstWords(errorMessage) };
}

const mostCharacters = 300;

/**
 * How a text begins, on one line. Secrets are left out wherever they stand: AWS' answer to a wrong signature quotes the
 * whole request, session token and signature included.
 */
export function firstWords(text: string, secrets: readonly string[] = []): string {
  const plain = text.replaceAll('\\/', '/').replace(/Signature=\w+/g, 'Signature=***');
  const safe = secrets.filter(Boolean).reduce((rest, secret) => rest.replaceAll(secret, '***'), plain);
  return safe.replace(/\s+/g, ' ').trim().slice(0, mostCharacters);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
