// /healthz: the answer is the HTTP status and a body that explains it.
// - 200 ok; 500 a listener is not up; 503 JetStream; 400 and 404 only for what we do not ask (monitor.go:3561-4130).
//   On 2.9 every failure is 503, and its Content-Type is not JSON.
// - Failures are in `errors` with details=true from 2.10.0, in `error` on 2.9, which ignores details and names the first.
// - It goes from the listeners to JetStream and its meta layer, then to accounts with their streams and consumers, and
//   ends at the first of these steps that fails.
// - js-server-only is no measure of JetStream: without a quorum it is 200 on 2.15.1 and 503 on 2.10.27.
// - An account that has expired is an ACCOUNT error up to 2.12.13 and 2.14.3, left out since.
// - Whatever is wrong is named: a reply that neither says ok nor names a reason comes from something else, as a proxy.
// - A lame-duck drain is 500 (503 on 2.9) with `failed to be ready for connections after 1ms: server` for all its
//   time, since the client listener is closed while HTTP still answers (server.go:4446-4485).
import * as z from 'zod/mini';
import { decodeWith, optionalText, problemAt, text } from './decoded.ts';
import type { Decoded, Immutable } from './decoded.ts';

const schema = z.object({
  /** `ok`, `error` or `unavailable`. */
  status: text,
  /** 2.9's only word on what is wrong. */
  error: optionalText,
  errors: z._default(
    z.array(
      z.object({
        type: text,
        error: text,
        account: optionalText,
        stream: optionalText,
        consumer: optionalText,
      }),
    ),
    [],
  ),
});

/** A server's `/healthz` with the HTTP status it came with: 200 and `ok`, or a reason in `error` or `errors`. */
export type Healthz = Immutable<z.output<typeof schema>> & { readonly http_status: number };

export function decodeHealthz(json: unknown, httpStatus: number): Decoded<Healthz> {
  const decoded = decodeWith(schema, json);
  if (!decoded.ok) return decoded;
  const { status: written, error, errors } = decoded.value;
  const status = written.trim().toLowerCase();
  const value = { http_status: httpStatus, ...decoded.value, status };
  const reasons = errors.length > 0 ? errors.map((each) => each.error) : [error ?? ''];
  if (reasons.every((reason) => reason.trim() !== '')) return { ok: true, value };
  if (httpStatus === 200 && status === 'ok' && errors.length === 0)
    return { ok: true, value: { ...value, error: undefined } };
  const expected =
    httpStatus === 200 ? '"ok", or a reason beside it' : `a reason beside it (HTTP ${httpStatus})`;
  return { ok: false, problem: problemAt(['status'], expected, written) };
}
