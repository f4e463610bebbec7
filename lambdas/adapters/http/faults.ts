import type { FailureCode } from '../../readings/reading.ts';
import { NoAddress } from './addresses.ts';

/** What went wrong with one request. `place` in the functions below is the target's URL without credentials. */
export type Fault = { readonly code: FailureCode; readonly sentence: string; readonly status?: number };

export function noAnswer(place: string, timeoutMs: number): Fault {
  const hint = 'security group, route or a hanging server';
  return { code: 'timeout', sentence: `no answer within ${timeoutMs / 1_000} s from ${place} (${hint})` };
}

/** @param runMs how long the run may ask servers, all of them together */
export function notReached(place: string, runMs: number): Fault {
  const what = `not asked in time: the ${runMs / 1_000} s that a run has for all servers were over`;
  return {
    code: 'not-reached',
    sentence: `${what} before ${place} could answer (the run's fault, not the server's)`,
  };
}

export function unfinished(place: string, timeoutMs: number, bytes: number): Fault {
  const what = `reply not complete within ${timeoutMs / 1_000} s, ${bytes} bytes came from ${place}`;
  return { code: 'timeout', sentence: `${what} (slow network or busy server)` };
}

export function tooLarge(place: string, maxBytes: number): Fault {
  return {
    code: 'too-large',
    sentence: `reply larger than ${maxBytes} bytes from ${place} (ask for smaller pages)`,
  };
}

export function redirected(place: string, status: number, location: string): Fault {
  const to = withoutCredentials(location);
  const what = `answered ${status} from ${place}, a redirect to ${to} that was not followed`;
  return { code: 'status', sentence: `${what} (give the final URL)`, status };
}

/** @param body what came with the status: a Go server explains there that its port expects TLS */
export function refusedStatus(place: string, status: number, body: string): Fault {
  if (status === 400 && body.includes('HTTP request to an HTTPS server')) {
    return { code: 'tls', sentence: `${place} speaks TLS (write https:// in the URL)` };
  }
  return { code: 'status', sentence: `answered ${status} from ${place}${statusHint(status)}`, status };
}

function statusHint(status: number): string {
  if (status === 404) return ' (http_base_path missing in the URL, or a server too old for this endpoint)';
  // nats-server's monitoring asks for no login and is no gateway.
  if (status === 401 || status === 403) return ' (a proxy in between wants a login or forbids it)';
  return [502, 503, 504].includes(status) ? ' (a proxy or load balancer in place of the server)' : '';
}

/** The parser's own message is not shown: it quotes the body, which may hold JWTs. */
export function notJson(place: string, status: number, body: string, bytes: number): Fault {
  const isHtml = body.trimStart().startsWith('<');
  const what = body.trim() === '' ? 'an empty body' : isHtml ? 'HTML' : `${bytes} bytes that are not JSON`;
  const sentence = `answered ${status} with ${what} from ${place} (is this nats-server's monitoring port?)`;
  return { code: 'not-json', sentence };
}

const TLS_ERRORS =
  /^(?:ERR_SSL_|ERR_TLS_|ERR_OSSL|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|EPROTO)/;
const NO_ROUTE = 'route table or network ACL';
const CUT = 'server stopped, a load balancer in between, or another protocol on this port';
const PLAIN_PORT = 'no TLS on this port: write http:// in the URL';
const UNKNOWN_ISSUER = "unknown issuer: set the target's tls.caFile in settings";
const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'server down, or its http_port is another one',
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ECONNRESET: CUT,
  UND_ERR_SOCKET: CUT,
  ERR_SSL_WRONG_VERSION_NUMBER: PLAIN_PORT,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: PLAIN_PORT,
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the certificate is for another name: set the target's tls.serverName in settings",
  CERT_HAS_EXPIRED: "renew the server's certificate",
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_ISSUER,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_ISSUER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
};

const DNS_HINTS: Readonly<Record<string, string>> = {
  ENOTFOUND: "there is no such name: a typo in the target's URL, or its record was removed",
  ENODATA: 'the name has no address',
  ETIMEOUT: 'DNS does not answer for this name',
  EAI_AGAIN: 'DNS does not answer for this name',
};

/** @param place the URL, or the host alone */
export function noAddress(place: string, { code }: Pick<NoAddress, 'code'>): Fault {
  const hint = DNS_HINTS[code] ?? 'DNS refuses to answer or fails';
  return { code: 'dns', sentence: `DNS gives no address for ${place}: ${code} (${hint})` };
}

/**
 * An error of the connection, with Node's or OpenSSL's code.
 * @param cutAt bytes of the body that had come, or `connecting`
 */
export function brokenConnection(place: string, error: Error, cutAt: number | 'connecting'): Fault {
  if (error instanceof NoAddress) return noAddress(place, error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const hint = HINTS[code] === undefined ? '' : ` (${HINTS[code]})`;
  if (TLS_ERRORS.test(code) || error.message.includes('before secure TLS connection')) {
    return { code: 'tls', sentence: `no TLS connection to ${place}: ${code}${hint}` };
  }
  if (error.name === 'HTTPParserError') {
    const sentence = `${place} does not speak HTTP: ${code} (the client port instead of http_port?)`;
    return { code: 'not-json', sentence };
  }
  const what =
    cutAt === 'connecting' ? `no connection to ${place}` : `connection cut by ${place} after ${cutAt} bytes`;
  const isLate = code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT';
  return { code: isLate ? 'timeout' : 'unreachable', sentence: `${what}: ${code}${hint}` };
}

function withoutCredentials(location: string): string {
  const url = URL.parse(location, 'relative:/');
  if (url === null) return 'an unreadable address';
  const address = url.protocol === 'relative:' ? url.pathname : `${url.protocol}//${url.host}${url.pathname}`;
  return address.slice(0, 100);
}
