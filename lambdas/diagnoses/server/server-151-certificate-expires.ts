import {
  asked,
  atMost,
  days,
  defineDiagnosis,
  formatDuration,
  latest,
  measured,
  minutes,
  notApplicable,
  nothing,
} from '../../define.ts';
import { formatTime, inline } from '../../engine/format.ts';
import type { Certificates } from '../../readings/certificates.ts';
import {
  decoded,
  encoded,
  expiryOf,
  isWanted,
  levelsFor,
  lookedAt,
  type Expiry,
  type Looked,
} from './certificates.ts';
import { serverEntity } from './jetstream.ts';
import { showExpiry, tlsListenersOf, type Listener } from './listeners.ts';

/**
 * By `/varz` where it says when certificates expire, else by a TLS handshake with each listener that can be reached, every six
 * hours, and every hour while one expires soon. A listener that asks for client certificates logs such a handshake as an error.
 * One that was issued for less than four months is told when a quarter of its time is left, and critical at a twelfth.
 */
export default defineDiagnosis({
  id: 'SERVER_151',
  title: 'Certificate expires',
  scope: 'server',
  reads: { certificates: asked() },
  history: { looks: latest(days(2)) },
  limits: {
    left: atMost(
      { warning: days(30) / 1_000, critical: days(7) / 1_000 },
      {
        unit: 'seconds',
        of: 'time until the certificate of a listener expires, less for one that was issued for a short time',
      },
    ),
  },
  for: minutes(5),
  why:
    'Once it has expired nobody who checks it can connect: connections that stand go on, and none comes back after a restart, a ' +
    'deployment or a moment without network. Routes, gateways and leafnodes are told of it by each other in logs alone.',
  remedy:
    'Renew it and reload the server (`nats-server --signal reload`, or SIGHUP), which cuts no connection. What is told here is the ' +
    'certificate that the server has loaded: a file that was renewed and not reloaded, or whose reload failed, looks as old as one that ' +
    'was not renewed, so look at the file too. On Kubernetes a sidecar may reload it (`config-reloader`). Then look why it was ' +
    'not renewed by itself.',
  evaluate({ target, varz, certificates, history }, { at, limits }) {
    const listeners = tlsListenersOf(target, varz);
    if (listeners.length === 0) return notApplicable('no listener has TLS');
    const shown: Certificates = certificates?.ok ? certificates.value : new Map();
    const looks = new Map<string, Looked>();
    history.looks((before) => {
      for (const { name, port } of listeners) {
        const known = before.get(name);
        const looked = lookedAt(shown.get(port), known === undefined ? null : decoded(known.value), at);
        if (looked !== null) looks.set(name, looked);
      }
      return new Map([...looks].map(([name, looked]) => [name, encoded(looked)]));
    });
    const lookOf = ({ name }: Listener) => looks.get(name) ?? null;
    const soon = Math.max(...Object.values(limits.left.levels), 0) * 1_000;
    const asks = listeners
      .filter((each) => isWanted(each, lookOf(each), soon, at))
      .map(({ port }) => ({ endpoint: 'certificates' as const, target, port }));
    const expiries = listeners
      .flatMap((each) => expiryOf(each, lookOf(each)) ?? [])
      .toSorted((a, b) => a.notAfter - b.notAfter);
    const unseen = listeners.filter((each) => !expiries.some(({ listener }) => listener === each));
    const failed = unseen.flatMap(({ port }) => {
      const reading = shown.get(port);
      return reading?.ok === false ? [reading.failure.message] : [];
    });
    const [first] = expiries;
    if (first === undefined) {
      const names = namesOf(unseen);
      if (asks.length > 0) return nothing(`to be looked at by TLS: ${names}`, { asks });
      return notApplicable(
        `nats-server ${varz.version} does not show when certificates expire (from ${showExpiry.join(', ')} on), and no TLS ` +
          `handshake showed one from here (${failed[0] ?? names})`,
      );
    }
    const certificatesSeen = [
      ...Map.groupBy(expiries, ({ notAfter, issuedFor }) => `${notAfter} ${issuedFor}`).values(),
    ];
    const notSeen = unseen.length === 0 ? '' : `; not seen: ${namesOf(unseen)}`;
    return measured(
      `${namesOf(expiries.map(({ listener }) => listener))}: the first expires on ${formatTime(first.notAfter)}${notSeen}`,
      // The engine tells the worst of them, with the others as evidence.
      certificatesSeen.map((own) => {
        const { notAfter, issuedFor } = own[0] ?? first;
        return {
          limit: 'left' as const,
          entity: serverEntity(target),
          value: Math.max(0, notAfter - at) / 1_000,
          levels: levelsFor(limits.left.levels, issuedFor),
          data: { target, at, port: varz.port, own, expiries, failed },
        };
      }),
      { asks },
    );
  },
  describe({ value, data: { target, at, port, own, expiries, failed } }) {
    const listeners = own.map(({ listener }) => listener);
    const [first] = own;
    const until = formatTime(first?.notAfter ?? at);
    const { hostname } = new URL(target.url);
    const whose = `The certificate of ${target.name} (${namesOf(listeners)})`;
    return {
      summary:
        value > 0
          ? `${whose} expires in ${formatDuration(value * 1_000)}, on ${until}.`
          : `${whose} expired on ${until}, ${formatDuration(at - (first?.notAfter ?? at))} ago.`,
      evidence: [...own, ...expiries.filter((each) => !own.includes(each))].map(row).concat(failed),
      commands: {
        nats: `nats account tls --no-pem --server tls://${hostname}:${port}`,
        curl:
          first === undefined || first.seenAt === null
            ? `curl -s '${target.url}/varz' | grep tls_cert_not_after`
            : `openssl s_client -connect ${hostname}:${first.listener.port} </dev/null 2>/dev/null | openssl x509 -noout -dates`,
      },
    };
  },
});

const namesOf = (listeners: readonly Listener[]): string =>
  inline(
    listeners.map(({ name }) => name),
    7,
  );

function row({ listener: { name, port }, notAfter, issuedFor, seenAt }: Expiry): string {
  const by = seenAt === null ? '/varz' : `a TLS handshake at ${formatTime(seenAt)}`;
  const issued = issuedFor === null ? '' : `, issued for ${formatDuration(issuedFor)}`;
  return `${name} (port ${port}): until ${formatTime(notAfter)}${issued}, by ${by}`;
}
