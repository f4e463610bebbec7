import {
  above,
  defineDiagnosis,
  earlier,
  formatDuration,
  from,
  measured,
  minutes,
  nothing,
} from '../../define.ts';
import { formatBytes, formatPercent, plural } from '../../engine/format.ts';
import type { ClientRow } from '../../readings/decoders/clients.ts';
import { keyOf } from '../client-key.ts';
import { isTold } from '../clients/census.ts';
import { clientsCommand, clientWords } from '../clients/client-words.ts';
import { leastLevel } from '../clients/least-level.ts';

/** What waits less long than this goes out as it comes: a client with much traffic always has something waiting. */
const fresh = 1;

const mebibyte = 1_048_576;

type Waiting = { readonly row: ClientRow; readonly held: number; readonly seconds: number };

/**
 * One client may have much waiting at one moment: it counts when two runs in a row see it, and when it is more than a second of
 * its own traffic.
 */
export default defineDiagnosis({
  id: 'CONN_002',
  title: 'Clients do not keep up',
  scope: 'server',
  reads: { clients: from() },
  history: { before: earlier() },
  limits: {
    pending: above(
      { warning: mebibyte },
      { unit: 'bytes', of: 'bytes that waited for one client in two runs in a row' },
    ),
  },
  for: minutes(0),
  why:
    'The server keeps in memory what a client does not read. At `max_pending` (64 MiB unless configured), or where a write takes ' +
    'longer than `write_deadline`, it throws the client out, and what waited is lost.',
  remedy:
    'Look at the client: is its host busy, does a callback block, does it subscribe to more than it needs? Let it work off ' +
    'messages apart from reading them, share the work in a queue group, or use JetStream, where it takes what it can. A slow link ' +
    'shows as a long round trip (CONN_001).',
  evaluate({ target, varz, clients, history }, { at, cluster, limits }) {
    const rows = (clients.most.pending ?? []).filter(isTold(cluster));
    const keyed = new Map(rows.map((row) => [keyOf(clients.server_id, String(row.cid)), row]));
    const before = history.before(
      new Map([...keyed].map(([key, row]) => [key, () => [row.pending_bytes, row.out_bytes]])),
    );
    const level = leastLevel(limits.pending);
    const passed = before.at === null ? 0 : (at - before.at) / 1_000;
    const waiting = [...keyed].flatMap(([key, row]): readonly Waiting[] => {
      const [pending = 0, sent = 0] = before.of(key) ?? [];
      const rate = passed > 0 ? (row.out_bytes - sent) / passed : 0;
      const seconds = rate > 0 ? row.pending_bytes / rate : Infinity;
      const held = Math.min(pending, row.pending_bytes);
      return held > 0 && seconds > fresh ? [{ row, held, seconds }] : [];
    });
    const [first] = rows;
    if (first === undefined) return nothing('nothing waits for clients');
    const seen = `at most ${formatBytes(first.pending_bytes)} wait for one client`;
    const [worst, ...others] = waiting.sort((a, b) => b.held - a.held);
    if (worst === undefined) return nothing(seen);
    const data = {
      target,
      maximum: varz.max_pending,
      worst,
      others: others.filter(({ held }) => held > level),
      passed: at - (before.at ?? at),
    };
    return measured(seen, [
      { limit: 'pending', entity: { kind: 'server', name: target.name }, value: worst.held, data },
    ]);
  },
  describe: ({ level, data: { target, maximum, worst, others, passed } }) => ({
    summary:
      `${others.length === 0 ? 'A client' : plural(others.length + 1, 'client')} of ${target.name} ` +
      `${others.length === 0 ? 'does' : 'do'} not keep up: more than ${formatBytes(level)} waited for ` +
      `${others.length === 0 ? 'it' : 'each of them'} ${formatDuration(passed)} ago and wait now.`,
    evidence: [worst, ...others].map(({ row, seconds }) => {
      const time = Number.isFinite(seconds)
        ? `${formatDuration(seconds * 1_000)} of its traffic`
        : 'nothing was added since';
      return `${formatBytes(row.pending_bytes)} (${formatPercent(row.pending_bytes / maximum)} of max_pending, ${time}): ${clientWords(row)}`;
    }),
    commands: {
      nats: 'nats server report connections --sort out-bytes --top 20',
      curl: clientsCommand(target, 'pending', ['pending_bytes']),
    },
  }),
});
