function noAnswer({ shown }: Address, timeoutMs: number): Fault {
  return {
    code: 'timeout',
    sentence: `no answer within ${timeoutMs / 1_000} s from ${shown} (security group, route or a hanging server)`,
  };
}

function unfinished({ shown }: Address, timeoutMs: number, bytes: number): Fault {
  return {
    code: 'timeout',
    sentence: `reply not complete within ${timeoutMs / 1_000} s, ${bytes} bytes came from ${shown} (slow network or busy server)`,
  };
}

function tooLarge({ shown }: Address, maxBytes: number): Fault {
  return {
    code: 'too-large',
    sentence: `reply larger than ${maxBytes} bytes from ${shown} (ask for smaller pages)`,
  };
}

function refusedStatus({ shown }: Address, status: number, location: string | string[] | undefined): Fault {
  if (status >= 300 && status < 400) {
    const to = withoutSecrets(String(location));
    return {
      code: 'status',
      sentence: `answered ${status} from ${shown}, a redirect to ${to} that was not followed (give the final URL)`,
    };
  }
  const hint =
    status === 404 ? ' (http_base_path missing in the URL, or a server too old for this endpoint)' : '';
  return { code: 'status', sentence: `answered ${status} from ${shown}${hint}` };
}

function withoutSecrets(location: string): string {
  const url = URL.parse(location, 'relative:/');
  if (url === null) return 'an unreadable address';
  const place = url.protocol === 'relative:' ? url.pathname : `${url.protocol}//${url.host}${url.pathname}`;
  return place.slice(0, 100);
}

const TLS_CODES =
  /^(?:ERR_SSL_|ERR_TLS_|ERR_OSSL|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|EPROTO)/;
const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'server down, or its http_port is another one',
  ENOTFOUND: "DNS, or a typo in the target's URL",
  EAI_AGAIN: 'DNS does not answer',
  EHOSTUNREACH: 'route table or network ACL',
  ENETUNREACH: 'route table or network ACL',
  ECONNRESET: 'server stopped, a load balancer in between, or another protocol on this port',
  UND_ERR_SOCKET: 'server stopped, a load balancer in between, or another protocol on this port',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS on this port: write http:// in the URL',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no TLS on this port: write http:// in the URL',
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another name: set the target's tls.serverName",
  CERT_HAS_EXPIRED: "renew the server's certificate",
  DEPTH_ZERO_SELF_SIGNED_CERT: "unknown issuer: set the target's tls.ca",
  SELF_SIGNED_CERT_IN_CHAIN: "unknown issuer: set the target's tls.ca",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknown issuer: set the target's tls.ca",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknown issuer: set the target's tls.ca",
};

/** @param cutAt bytes of the body that had come when the connection broke, or `before` it was made */
function brokenConnection(
  address: Address,
  error: Error,
  timeoutMs: number,
  cutAt: number | 'before',
): Fault {
  const { shown } = address;
  const errno = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const hint = HINTS[errno] === undefined ? '' : ` (${HINTS[errno]})`;
  if (errno === 'UND_ERR_CONNECT_TIMEOUT' || errno === 'ETIMEDOUT') return noAnswer(address, timeoutMs);
  if (TLS_CODES.test(errno) || error.message.includes('before secure TLS connection')) {
    return { code: 'tls', sentence: `no TLS connection to ${shown}: ${errno}${hint}` };
  }
  if (error.name === 'HTTPParserError') {
    return {
      code: 'not-json',
      sentence: `${shown} does not speak HTTP: ${errno} (the client port instead of http_port?)`,
    };
  }
  const what =
    cutAt === 'before' ? `no connection to ${shown}` : `connection cut by ${shown} after ${cutAt} bytes`;
  return { code: 'unreachable', sentence: `${what}: ${errno}${hint}` };
}
