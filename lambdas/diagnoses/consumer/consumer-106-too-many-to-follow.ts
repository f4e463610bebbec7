import {
  atLeast,
  defineDiagnosis,
  from,
  measured,
  minutes,
  mostEarlier,
  mostFollowed,
  nothing,
} from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { isWaitingFor, waitingIn } from './progress.ts';
import { redeliveringIn } from './redelivering.ts';

export default defineDiagnosis({
  id: 'CONSUMER_106',
  title: 'More consumers wait than can be followed',
  brief: ['consumers', 'too many to follow'],
  scope: 'cluster',
  reads: { consumers: from() },
  history: {},
  limits: {
    unfollowed: atLeast({ warning: 1 }, { unit: 'count', of: 'consumers that wait and are not followed' }),
  },
  for: minutes(2),
  why: 'Since when a consumer stands is remembered of so many at a time. Of the others nobody is told when they stall.',
  remedy:
    'Where do so many come from? Delete those that nobody uses (CONSUMER_105), or leave out streams whose consumers matter to nobody ' +
    '(`jetstream.ignore` in settings).',
  evaluate({ servers }, { cluster }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    const [server] = assets.servers;
    if (server === undefined) return jetStreamIsOff;
    const waiting = waitingIn(assets);
    const full = waiting.filter(isWaitingFor.acknowledgements).length;
    const groups = [
      { what: 'with messages pending (CONSUMER_101)', count: waiting.length - full, most: mostFollowed },
      { what: 'without room for more (CONSUMER_102)', count: full, most: mostFollowed },
      {
        what: 'that deliver messages again (CONSUMER_104)',
        count: redeliveringIn(assets).length,
        most: mostEarlier,
      },
    ];
    const beyond = groups.filter(({ count, most }) => count > most);
    const unfollowed = beyond.reduce((sum, { count, most }) => sum + count - most, 0);
    if (unfollowed === 0)
      return nothing(`${plural(waiting.length, 'consumer waits', 'consumers wait')}, all are followed`);
    return measured(`${plural(unfollowed, 'consumer is', 'consumers are')} not followed`, [
      {
        limit: 'unfollowed',
        entity: { kind: 'cluster', name: cluster.name },
        value: unfollowed,
        data: { beyond, url: server.target.url },
      },
    ]);
  },
  describe: ({ value, data: { beyond, url } }) => ({
    summary: `${plural(value, 'consumer is', 'consumers are')} not followed: too many wait at the same time.`,
    evidence: beyond.map(
      ({ what, count, most }) => `${formatCount(count)} ${what}, ${formatCount(most)} are followed`,
    ),
    commands: {
      nats: 'nats server report jetstream',
      curl: `curl -s '${url}/jsz' | grep -E '"(streams|consumers)"'`,
    },
  }),
});
