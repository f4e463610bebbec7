import { describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/server/server-151-certificate-expires.ts';
import type { Certificate, Certificates } from '../../../lambdas/readings/certificates.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import type { Reading } from '../../../lambdas/readings/reading.ts';
import { failing, firstMinute, server, varz, watching } from '../../kit.ts';

const every = minutes(5);
const year = days(365);

/** A server with TLS for clients and the cluster, as 2.15 shows it. */
const showing = (client: number, cluster: number, changes: Partial<Varz> = {}) =>
  varz({
    tls_required: true,
    tls_cert_not_after: client,
    cluster: { name: 'east', cluster_port: 6_222, tls_required: true, tls_cert_not_after: cluster },
    ...changes,
  });
/** The same before it is shown. */
const silent = (changes: Partial<Varz> = {}) =>
  varz({
    version: '2.10.27',
    tls_required: true,
    tls_cert_not_after: undefined,
    cluster: { name: 'east', cluster_port: 6_222, tls_required: true },
    port: 4_222,
    ...changes,
  });

const issued = (notAfter: number, issuedFor: number = year): Certificate => ({
  notBefore: notAfter - issuedFor,
  notAfter,
});
const handshakes = (
  ...shown: readonly (readonly [port: number, Certificate | Reading<never>])[]
): Certificates =>
  new Map(shown.map(([port, each]) => [port, 'ok' in each ? each : { ok: true, value: each }]));

describe('SERVER_151, a certificate that expires', () => {
  const at = firstMinute;
  const far = at + days(300);

  it.each([
    [days(30) + 1_000, []],
    [days(30), ['warning']],
    [days(7) + 1_000, ['warning']],
    [days(7), ['critical']],
    [0, ['critical']],
    [0 - days(2), ['critical']],
  ])('with %d ms left is %j', (left, severities) => {
    const { findings } = watching(diagnosis, { every }).look([
      server('n1', { varz: showing(far, at + left) }),
    ]);
    expect(findings.map(({ severity }) => severity)).toEqual(severities);
  });

  it('is told with every listener, the first to expire first', () => {
    const { findings, seen } = watching(diagnosis, { every }).look([
      server('n1', { varz: showing(far, at + days(6) + hours(3), { port: 4_222 }) }),
    ]);
    expect(seen['n1']).toBe('cluster, client: the first expires on 2026-11-26 13:00 UTC');
    expect(findings).toMatchObject([
      {
        severity: 'critical',
        entity: { kind: 'server', name: 'n1' },
        summary: 'The certificate of n1 (cluster) expires in 6 d 3 h, on 2026-11-26 13:00 UTC.',
        evidence: [
          'cluster (port 6222): until 2026-11-26 13:00 UTC, by /varz',
          'client (port 4222): until 2027-09-16 10:00 UTC, by /varz',
        ],
        commands: [
          'nats account tls --no-pem --server tls://n1:4222',
          "curl -s 'http://n1:8222/varz' | grep tls_cert_not_after",
        ],
      },
    ]);
  });

  it('that has expired is told since when', () => {
    const expired = at - hours(30);
    const { findings } = watching(diagnosis, { every }).look([
      server('n1', { varz: showing(expired, expired) }),
    ]);
    expect(findings[0]?.summary).toBe(
      'The certificate of n1 (client, cluster) expired on 2026-11-19 04:00 UTC, 1 d 6 h ago.',
    );
  });

  it.each([
    ['gateway', { gateway: { name: 'east', port: 7_222, tls_required: true, tls_cert_not_after: at } }],
    ['leafnode', { leaf: { port: 7_422, remotes: [], tls_required: true, tls_cert_not_after: at } }],
    ['websocket', { websocket: { port: 8_080, tls_cert_not_after: at } }],
    ['MQTT', { mqtt: { port: 1_883, tls_cert_not_after: at } }],
  ])('may be the one of %s', (name, changes) => {
    const { findings } = watching(diagnosis, { every }).look([server('n1', { varz: varz(changes) })]);
    expect(findings.map(({ evidence }) => evidence[0])).toEqual([
      expect.stringMatching(new RegExp(`^${name} \\(port \\d+\\): until 2026-11-20 10:00 UTC, by /varz$`)),
    ]);
  });

  it('ends when the server has loaded another one', () => {
    const watch = watching(diagnosis, { every, remembers: true });
    const old = [server('n1', { varz: showing(at + days(20), far) })];
    const renewed = [server('n1', { varz: showing(at + days(380), far) })];
    const looks = [old, old, renewed, renewed].map((servers) => watch.look(servers));
    expect(looks.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['opened', 'resolved']);
  });

  it('does not apply to a server without TLS, and is silent where the levels are switched off', () => {
    expect(watching(diagnosis).look([server('n1')]).outcomes).toEqual({ n1: 'not-applicable' });
    const off = watching(diagnosis, {
      every,
      limits: { SERVER_151: { left: { warning: 'off', critical: 'off' } } },
    });
    expect(off.look([server('n1', { varz: showing(at, at) })]).findings).toEqual([]);
  });
});

describe('SERVER_151 of a server that does not show certificates', () => {
  const at = firstMinute;

  /** Which ports it wants to be asked, run by run. */
  const asking = () => {
    const kept = new Map<string, { value: string; firstSeen: number; lastSeen: number }>();
    return (run: number, own: Varz, certificates: Certificates | null = null, url = 'http://n1:8222') => {
      const verdict = diagnosis.evaluate(
        {
          target: { name: 'n1', url },
          varz: own,
          certificates: certificates === null ? null : { ok: true, value: certificates },
          history: {
            looks: (update: (before: typeof kept) => ReadonlyMap<string, string>) => {
              for (const [name, value] of update(new Map(kept)))
                kept.set(name, { value, firstSeen: 0, lastSeen: at + run });
              return { before: kept, notFollowed: 0 };
            },
          },
        } as never,
        { at: at + run, limits: diagnosis.limits } as never,
      );
      const asks = verdict.kind === 'measured' ? (verdict.asks ?? []) : [];
      return asks.flatMap((ask) => (ask.endpoint === 'certificates' ? [ask.port] : []));
    };
  };

  it('asks each listener at its first look and not in between', () => {
    const ask = asking();
    expect(ask(0, silent())).toEqual([4_222, 6_222]);
    const shown = handshakes([4_222, issued(at + days(200))], [6_222, issued(at + days(20))]);
    expect(ask(0, silent(), shown)).toEqual([]);
    expect(ask(minutes(5), silent())).toEqual([]);
  });

  it.each([
    [hours(1) - 1, []],
    [hours(1), [6_222]],
    [hours(6) - 1, [6_222]],
    [hours(6), [4_222, 6_222]],
  ])('asks again after %d ms those of %j: the others every six hours', (later, ports) => {
    const ask = asking();
    ask(0, silent(), handshakes([4_222, issued(at + days(200))], [6_222, issued(at + days(20))]));
    expect(ask(later, silent())).toEqual(ports);
  });

  it.each([
    [hours(6) - 1, []],
    [hours(6), [4_222, 6_222]],
  ])('asks one that failed again after six hours, not %d ms: %j', (later, ports) => {
    const ask = asking();
    ask(0, silent(), handshakes([4_222, failing('tls')], [6_222, failing('timeout')]));
    expect(ask(later, silent())).toEqual(ports);
  });

  it('asks MQTT where another listener has TLS, as it does not say whether it has', () => {
    const mqtt = { port: 1_883 };
    expect(asking()(0, silent({ mqtt }))).toEqual([4_222, 6_222, 1_883]);
    expect(asking()(0, silent({ mqtt, tls_required: false, cluster: {} }))).toEqual([]);
    const newer = showing(at + days(300), at + days(300), { mqtt });
    expect(asking()(0, newer)).toEqual([]);
  });

  it('asks the monitoring port in place of the client port where that has the same certificate', () => {
    const https = 'https://n1:8443';
    expect(asking()(0, silent({ https_port: 8_443, cluster: {} }), null, https)).toEqual([8_443]);
    expect(asking()(0, silent({ https_port: 8_443, cluster: {} }), null, 'https://proxy')).toEqual([
      4_222, 443,
    ]);
    expect(asking()(0, varz({ https_port: 8_443, tls_cert_not_after: at + year }), null, https)).toEqual([]);
  });

  it('asks one that /varz shows for how long it was issued, once it expires soon', () => {
    const ask = asking();
    const own = showing(at + days(200), at + days(20));
    expect(ask(0, own)).toEqual([6_222]);
    expect(ask(0, own, handshakes([6_222, issued(at + days(20))]))).toEqual([]);
    expect(ask(days(1), own)).toEqual([]);
  });

  it('tells what a handshake showed until the next, with the time', () => {
    const watch = watching(diagnosis, { every });
    const shown = handshakes([4_222, issued(at + days(5))], [6_222, issued(at + days(300))]);
    watch.look([server('n1', { varz: silent(), certificates: shown })]);
    expect(watch.look([server('n1', { varz: silent() })]).findings).toMatchObject([
      {
        severity: 'critical',
        summary: 'The certificate of n1 (client) expires in 4 d 23 h, on 2026-11-25 10:00 UTC.',
        evidence: [
          'client (port 4222): until 2026-11-25 10:00 UTC, issued for 365 d, by a TLS handshake at 2026-11-20 10:00 UTC',
          'cluster (port 6222): until 2027-09-16 10:00 UTC, issued for 365 d, by a TLS handshake at 2026-11-20 10:00 UTC',
        ],
        commands: [
          'nats account tls --no-pem --server tls://n1:4222',
          'openssl s_client -connect n1:4222 </dev/null 2>/dev/null | openssl x509 -noout -dates',
        ],
      },
    ]);
  });

  it('is no trouble where no listener can be reached, and says so', () => {
    const failed = handshakes([4_222, failing('timeout')], [6_222, failing('timeout')]);
    const { outcomes, seen } = watching(diagnosis).look([
      server('n1', { varz: silent(), certificates: failed }),
    ]);
    expect([outcomes['n1'], seen['n1']]).toEqual([
      'not-applicable',
      'nats-server 2.10.27 does not show when certificates expire (from 2.11.12, 2.12.4, 2.14.0 on), and no TLS handshake ' +
        'showed one from here (no reply: timeout)',
    ]);
  });

  it('names the listeners that were not seen beside those that were', () => {
    const some = handshakes([4_222, issued(at + days(300))], [6_222, failing('timeout')]);
    const { outcomes, seen } = watching(diagnosis).look([
      server('n1', { varz: silent(), certificates: some }),
    ]);
    expect([outcomes['n1'], seen['n1']]).toEqual([
      'ok',
      'client: the first expires on 2027-09-16 10:00 UTC; not seen: cluster',
    ]);
  });

  it('believes an earlier handshake for a day where later ones fail', () => {
    const watch = watching(diagnosis, { every: hours(6) });
    const own = silent({ cluster: {} });
    const failed = server('n1', { varz: own, certificates: handshakes([4_222, failing('timeout')]) });
    watch.look([server('n1', { varz: own, certificates: handshakes([4_222, issued(at + days(5))]) })]);
    const outcomes = Array.from({ length: 5 }, () => watch.look([failed]).outcomes['n1']);
    expect(outcomes).toEqual(['critical', 'critical', 'critical', 'critical', 'not-applicable']);
  });
});

describe('SERVER_151, a certificate that was issued for a short time', () => {
  const at = firstMinute;
  const left = (ms: number, issuedFor: number) => {
    const { findings } = watching(diagnosis, { every }).look([
      server('n1', {
        varz: silent({ cluster: {} }),
        certificates: handshakes([4_222, issued(at + ms, issuedFor)]),
      }),
    ]);
    return findings.map(({ severity }) => severity);
  };

  it.each([
    ['90 days, which is renewed with a third left', days(90), days(30), []],
    ['90 days', days(90), days(22.5) + 1_000, []],
    ['90 days', days(90), days(22.5), ['warning']],
    ['90 days', days(90), days(7), ['critical']],
    ['a day', days(1), hours(6) + 1_000, []],
    ['a day', days(1), hours(6), ['warning']],
    ['a day', days(1), hours(2) + 1_000, ['warning']],
    ['a day', days(1), hours(2), ['critical']],
    ['a year', year, days(30), ['warning']],
  ])('%s', (_, issuedFor, ms, severities) => {
    expect(left(ms, issuedFor)).toEqual(severities);
  });
});
