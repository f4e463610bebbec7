import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  increase,
  measured,
  minutes,
  nothing,
  window,
} from '../../define.ts';
import { formatCount, formatPercent, plural } from '../../engine/format.ts';
import { jetStreamIsOffHere, serverEntity } from '../server/jetstream.ts';

/** Of fewer requests a share says nothing. */
const fewest = 100;

/**
 * For information: the built-in rule NatsTooManyErrors pages. Insights warns at 1 %; clients that look for a stream or bucket before
 * they create it have more in health.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_009',
  title: 'JetStream refuses many API requests',
  scope: 'server',
  reads: { jsz: from() },
  history: { total: increase(), errors: increase(), requests: window('share') },
  limits: {
    share: atLeast(
      { info: 0.1 },
      {
        unit: 'ratio',
        of: `JetStream API requests that are refused, of at least ${fewest}`,
        over: minutes(5),
      },
    ),
  },
  for: minutes(1),
  why:
    'Clients ask for streams or consumers that do not exist, or may not do what they ask for; after an upgrade also in words that ' +
    'are no longer taken. One of the two requests that an MQTT client with a clean session makes as it connects is such, in good ' +
    'health. This is no measure of outages: refused messages (a full store, a full stream) count nowhere, and without a leader ' +
    'requests mostly time out.',
  remedy:
    'The log of the client has the error; `nats events --js-advisory` shows each request with its reply and its client. Since a ' +
    "servers' upgrade to 2.12? It refuses fields it does not know: update the client libraries.",
  evaluate({ target, jsz, history }, { at }) {
    if (jsz.disabled) return jetStreamIsOffHere;
    const { api } = jsz;
    const [total, errors] = [history.total(api.total), history.errors(api.errors)];
    const { keys } = history.requests([
      { key: 'total', at, count: total?.value ?? 0 },
      { key: 'errors', at, count: errors?.value ?? 0 },
    ]);
    const [asked, refused] = [keys.get('total')?.total ?? 0, keys.get('errors')?.total ?? 0];
    const seen = `${plural(refused, 'refusal')} of ${plural(asked, 'request')}`;
    if (asked < fewest) return nothing(seen);
    return measured(seen, [
      {
        limit: 'share',
        entity: serverEntity(target),
        value: refused / asked,
        data: { target, asked, refused, api },
      },
    ]);
  },
  describe: ({ value, level, data: { target, asked, refused, api } }, { limits }) => ({
    summary:
      `${target.name} refused ${formatCount(refused)} of ${plural(asked, 'JetStream API request')} within ` +
      `${formatDuration(limits.share.over)}: ${formatPercent(value)}, limit ${formatPercent(level)}.`,
    evidence: [`since its start: ${plural(api.total, 'request')}, ${formatCount(api.errors)} refused`],
    commands: {
      nats: 'nats events --js-advisory',
      curl: `curl -s '${target.url}/jsz' | grep -A4 '"api"'`,
    },
  }),
});
