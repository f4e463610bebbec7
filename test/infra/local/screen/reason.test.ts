import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../../../infra/local/screen/reason.ts';
import {
  brokenConnection,
  noAddress,
  noAnswer,
  notReached,
  refusedStatus,
  type Fault,
} from '../../../../lambdas/adapters/http/faults.ts';

const url = 'http://n1:8222';
const target = { name: 'n1', url };
const of = ({ code, sentence }: Fault) => reasonOf({ code, message: `n1 /varz: ${sentence}` }, target);
const error = (code: string) => Object.assign(new Error(code), { code });

describe('why a server cannot be read', () => {
  it.each([
    [
      brokenConnection(url, error('ECONNREFUSED'), 'connecting'),
      'unreachable, ECONNREFUSED: no connection, http://n1:8222 (server down, or its http_port is another one)',
    ],
    [
      brokenConnection(url, error('CERT_HAS_EXPIRED'), 'connecting'),
      "tls, CERT_HAS_EXPIRED: no TLS connection, http://n1:8222 (renew the server's certificate)",
    ],
    [
      brokenConnection(url, error('ECONNRESET'), 12),
      'unreachable, ECONNRESET: connection cut after 12 bytes, http://n1:8222 (server stopped, a load balancer in between, or another protocol on this port)',
    ],
    [
      noAnswer(url, 5_000),
      'timeout: no answer within 5 s, http://n1:8222 (security group, route or a hanging server)',
    ],
    [
      refusedStatus(url, 503, ''),
      'status: answered 503, http://n1:8222 (a proxy or load balancer in place of the server)',
    ],
    [
      noAddress(url, { code: 'ENOTFOUND' }),
      "dns, ENOTFOUND: DNS gives no address, http://n1:8222 (there is no such name: a typo in the target's URL, or its record was removed)",
    ],
    [
      notReached(url, 45_000),
      "not-reached: not asked in time: the 45 s that a run has for all servers were over before could answer, http://n1:8222 (the run's fault, not the server's)",
    ],
  ])('begins with its code, and with that of the system', (fault, reason) => {
    expect(of(fault)).toBe(reason);
  });

  it('is the whole sentence where that names no URL', () => {
    expect(reasonOf({ code: 'unexpected-shape', message: 'n1 /varz: no version' }, target)).toBe(
      'unexpected-shape: no version',
    );
  });
});
