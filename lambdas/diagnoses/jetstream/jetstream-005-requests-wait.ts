import { above, defineDiagnosis, from, measured, minutes } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { jetStreamIsOffHere, serverEntity } from '../server/jetstream.ts';

/**
 * Of one server, waiting or handled, where META_008 counts those that wait on the meta leader. A burst of 1,200 shows as some 650
 * for a second: two runs in a row count.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_005',
  title: 'JetStream API requests pile up',
  brief: ['requests', 'pile up'],
  scope: 'server',
  reads: { jsz: from() },
  history: {},
  limits: {
    inflight: above(
      { warning: 1_000 },
      { unit: 'count', of: 'JetStream API requests of one server that wait or are handled' },
    ),
  },
  for: minutes(1),
  why:
    'The server gets more requests about streams and consumers than it answers. Clients time out and ask again, which makes the queue ' +
    'longer; at its limit (10,000 unless `request_queue_limit` says so) the server drops all that wait.',
  remedy:
    'Who asks? `nats events --js-advisory` shows requests with their clients: let them back off, and keep what they create. Is the ' +
    'server short of CPU, or its disk slow (SERVER_134)?',
  evaluate({ target, jsz }) {
    if (jsz.disabled) return jetStreamIsOffHere;
    const { inflight = 0, total, errors } = jsz.api;
    return measured(plural(inflight, 'request'), [
      { limit: 'inflight', entity: serverEntity(target), value: inflight, data: { target, total, errors } },
    ]);
  },
  describe: ({ value, level, data: { target, total, errors } }) => ({
    summary: `${formatCount(value)} JetStream API requests wait on ${target.name}, limit ${formatCount(level)}.`,
    evidence: [`since its start: ${plural(total, 'request')}, ${formatCount(errors)} refused`],
    commands: {
      nats: 'nats events --js-advisory',
      curl: `curl -s '${target.url}/jsz' | grep -A4 '"api"'`,
    },
  }),
});
