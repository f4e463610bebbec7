import { atLeast, defineDiagnosis, measured, minutes, nothing, type Target } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { hasFrom } from '../../engine/versions.ts';
import type { Varz } from '../../readings/endpoints.ts';

type Seen = { readonly target: Target; readonly varz: Varz };

/** Before, `/connz?auth=1` has tokens in clear: who logs in by one is called by it. */
const tokensHidden = ['2.10.28', '2.11.2'];
/** Before, closed connections have the JWT of their user, also without `auth=1`: whoever has a bearer's needs no key to log in. */
const jwtsHidden = ['2.11.17', '2.12.8', '2.14.0'];

/** What of credentials a server's monitoring port may show. */
const shownBy = ({ varz: { auth_required: isAsked, version } }: Seen): readonly string[] => {
  if (!isAsked || !hasFrom(version, ['0.0.0'])) return [];
  return [
    ...(hasFrom(version, tokensHidden) ? [] : ['authentication tokens in clear (/connz?auth=1)']),
    ...(hasFrom(version, jwtsHidden) ? [] : ['JWTs of bearers (/connz)']),
  ];
};

/** For information, once for all servers: whether a server's users log in so, and who else reaches the port, cannot be seen. */
export default defineDiagnosis({
  id: 'SERVER_155',
  title: 'Monitoring port may show credentials',
  scope: 'cluster',
  reads: {},
  history: {},
  limits: {
    showing: atLeast(
      { info: 1 },
      { unit: 'count', of: 'servers whose release shows tokens or JWTs on the monitoring port' },
    ),
  },
  for: minutes(0),
  why:
    'The monitoring port asks nobody who he is. On every release it shows names of users and accounts, addresses of clients and ' +
    'servers, subjects and streams; on these releases also what lets one log in.',
  remedy:
    'Open the port to these functions alone (security group, network ACL, Kubernetes network policy), never to a load balancer that ' +
    'others reach. nats-server hides tokens from 2.10.28 and 2.11.2 on, and JWTs of bearers from 2.11.17, 2.12.8 and 2.14.0 on. Nothing of them is ' +
    'kept or told by this product.',
  evaluate({ servers }, { cluster }) {
    const showing = servers.flatMap((each) => {
      const shown = shownBy(each);
      return shown.length === 0 ? [] : [{ ...each, shown }];
    });
    if (showing.length === 0)
      return nothing('names of users, addresses and subjects to anybody who reaches it, no credentials');
    return measured(
      `credentials of ${inline(
        showing.map(({ target }) => target.name),
        9,
      )} to anybody who reaches it`,
      [
        {
          limit: 'showing',
          entity: { kind: 'cluster', name: cluster.name },
          value: showing.length,
          data: showing,
        },
      ],
    );
  },
  describe: ({ value, data: showing }) => ({
    summary:
      `The monitoring port of ${plural(value, 'server')} may show credentials to anybody who reaches it: ` +
      `${inline(showing.map(({ target }) => target.name))}.`,
    evidence: showing.map(
      ({ target, varz, shown }) => `${target.name}, nats-server ${varz.version}: ${shown.join(', ')}`,
    ),
    commands: {
      nats: 'nats server list',
      curl: `curl -s '${showing[0]?.target.url ?? ''}/connz?auth=1&limit=1' | grep -cE '"(authorized_user|jwt)"'`,
    },
  }),
});
