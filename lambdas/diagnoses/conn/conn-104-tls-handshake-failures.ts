import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  hours,
  measured,
  minutes,
  window,
} from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { classOf, closedRowsCommand, rhythm, uncounted } from './closed-rows.ts';

type Note = { readonly lived: number };

/** Rows of failed handshakes have an address and no name: nothing was said in clear before. */
export default defineDiagnosis({
  id: 'CONN_104',
  title: 'TLS handshakes fail',
  scope: 'server',
  reads: { closed: from() },
  history: { addresses: window<Note>('failures') },
  limits: {
    failures: atLeast(
      { warning: 20 },
      { unit: 'count', of: 'TLS handshakes with one server that failed', over: hours(1) },
    ),
  },
  for: minutes(0),
  why: 'Whoever fails here cannot connect at all; after a certificate expires, that is everyone who reconnects.',
  remedy:
    "Many addresses at once: look at the server's certificate (expired, wrong name, an authority that clients do not know) " +
    'with the command below. One address: its authority, its client certificate where `verify` is on, its TLS versions, or ' +
    "a client without TLS. The server's log has the reason of each.",
  evaluate({ target, varz, closed, history }, { cluster, limits }) {
    const failures = closed.rows.filter(
      (row) =>
        row.reason === 'TLS Handshake Failure' && classOf(varz, row, cluster.closeReasons) !== 'planned',
    );
    const addresses = history.addresses(
      failures.map((row) => ({ key: row.ip, at: row.stoppedAt, note: { lived: row.lifetimeSeconds } })),
    );
    const { over } = limits.failures;
    const { total, keys, others } = addresses;
    return measured(`${plural(total, 'failed TLS handshake')} in ${formatDuration(over)}`, [
      {
        limit: 'failures',
        entity: { kind: 'server', name: target.name },
        value: total,
        data: { target, port: varz.port, over, keys: [...keys], others },
      },
    ]);
  },
  describe({ value, level, data: { target, port, over, keys, others } }) {
    const from = keys.map(([ip, { total }]) => `${ip} (${formatCount(total)})`);
    const [top] = keys;
    const samples = top?.[1].samples ?? [];
    const pace = rhythm(samples.map(({ at }) => at));
    const isProbe = keys.length <= 3 && samples.length > 0 && samples.every(({ note }) => note.lived < 0.1);
    const isSilent = samples.length > 0 && samples.every(({ note }) => note.lived >= 1);
    return {
      summary:
        `${plural(value, 'TLS handshake')} with ${target.name} failed within ${formatDuration(over)} (limit ` +
        `${formatCount(level)}), from ${plural(keys.length, 'address', 'addresses')}.`,
      evidence: [
        `from: ${inline(from, 5)}`,
        ...(top !== undefined && pace !== null ? [`${top[0]}: lately ${pace}`] : []),
        ...uncounted(others, 'addresses'),
        ...(isProbe
          ? ['each was gone at once: so leaves a TCP health probe that never begins TLS, too']
          : []),
        ...(isSilent
          ? [
              `${top?.[0]}: stays for a second or more, as who never begins TLS does, until the \`timeout\` of \`tls\``,
            ]
          : []),
      ],
      ...(isProbe ? { remedy: probeRemedy } : {}),
      commands: {
        nats: `nats account tls --no-pem --server tls://${new URL(target.url).hostname}:${port}`,
        curl: closedRowsCommand(target.url, 'TLS Handshake'),
      },
    };
  },
});

const probeRemedy =
  'Is it the health check of a load balancer? Point it at `/healthz` of the monitoring port (HTTP), which also tells more ' +
  'than an open port; or call these closes planned with `closeReasons: { "TLS Handshake Failure": planned }` in settings. ' +
  'Else look at what that client trusts: its authority, its client certificate where `verify` is on, its TLS versions.';
