import { atLeast, defineDiagnosis, from, increase, measured, minutes, nothing } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { jetStreamIsOffHere, serverEntity } from '../server/jetstream.ts';

/**
 * Messages, acknowledgements and pull requests of consumers do not go by the API, nor do direct reads of a key-value bucket. Insights
 * warns at 50 a second, which clients that open key-value buckets reach in health: there it is for information.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_004',
  title: 'Many JetStream API requests',
  brief: ['requests', 'many'],
  scope: 'server',
  reads: { jsz: from() },
  history: { total: increase() },
  limits: {
    rate: atLeast(
      { info: 50, warning: 1_000 },
      { unit: 'count', of: 'JetStream API requests that one server handles a second' },
    ),
  },
  for: minutes(5),
  why:
    'Requests that create, change or ask about streams and consumers are handled one after the other, most by the meta leader: so ' +
    'many leave it little time for what must be placed and elected, and end in a queue that is dropped when it is full (META_008).',
  remedy:
    'Who asks? `nats events --js-advisory` shows requests with their clients. Keep consumers and stream handles instead of creating ' +
    'or asking for them before each message, use one consumer for many fetches, and watch key-value buckets instead of polling them.',
  evaluate({ target, jsz, history }) {
    if (jsz.disabled) return jetStreamIsOffHere;
    const grown = history.total(jsz.api.total);
    if (grown === null || grown.seconds <= 0)
      return nothing(`${plural(jsz.api.total, 'request')} since its start`);
    const rate = grown.value / grown.seconds;
    return measured(`${formatCount(rate)} requests a second`, [
      {
        limit: 'rate',
        entity: serverEntity(target),
        value: rate,
        data: { target, count: grown.value, api: jsz.api },
      },
    ]);
  },
  describe: ({ value, level, data: { target, count, api } }) => ({
    summary: `${target.name} handles ${formatCount(value)} JetStream API requests a second, limit ${formatCount(level)}.`,
    evidence: [
      `${plural(count, 'request')} since the last look, ${formatCount(api.inflight ?? 0)} of them wait or are handled now`,
      `since its start: ${plural(api.total, 'request')}, ${formatCount(api.errors)} refused`,
    ],
    commands: {
      nats: 'nats events --js-advisory',
      curl: `curl -s '${target.url}/jsz' | grep -A4 '"api"'`,
    },
  }),
});
