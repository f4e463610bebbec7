import { atLeast, defineDiagnosis, measured, minutes, nothing, type Target } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import type { Varz } from '../../readings/endpoints.ts';
import { clustersOf } from '../alike.ts';

type Seen = { readonly target: Target; readonly varz: Varz };
type Doors = { readonly open: readonly Seen[]; readonly closed: readonly Seen[] };

/** A sidecar that listens for its own host alone. */
const isLocal = ({ varz: { host } }: Seen): boolean => /^(127\.|localhost$|\[?::1\]?$)/.test(host);
/** Whoever has a certificate of the right authority is let in, nobody else. */
const asksNothing = ({ varz }: Seen): boolean => !varz.auth_required && !varz.tls_verify;
const isOpen = (seen: Seen): boolean => asksNothing(seen) && !isLocal(seen);

/**
 * By `auth_required` of `/varz`, which is left out where it is false; a `no_auth_user` does not show in it. All open servers of a
 * cluster are one finding, a warning: settings may say that it is meant so. One that is open beside others of its NATS cluster that
 * are not is never meant.
 */
export default defineDiagnosis({
  id: 'SERVER_007',
  title: 'Clients need no credentials',
  scope: 'cluster',
  reads: {},
  history: {},
  limits: {
    open: atLeast({ warning: 1 }, { unit: 'count', of: 'servers that let clients in without credentials' }),
    besideClosed: atLeast(
      { critical: 1 },
      { unit: 'count', servers: 2, of: 'the same in a cluster whose other servers ask for credentials' },
    ),
  },
  for: minutes(5),
  why:
    'Whoever reaches the client port may read and send everything, and with JetStream delete it. Where other servers of the same cluster ' +
    'ask for credentials, this one is the door around them.',
  remedy:
    'Configure `accounts` with users, nkeys or JWTs, or `authorization`, and reload: clients without credentials are cut then, so give ' +
    'them theirs first. Where everybody in a closed network may come in, say so in the settings of the cluster: ' +
    '`expect: { authentication: false }`. ' +
    'A server that lets in unknown clients by `no_auth_user` cannot be told from one that does not.',
  evaluate({ servers }, { cluster: { name, expect } }) {
    const mixed = clustersOf(servers).flatMap(
      ({ cluster, members }): (Doors & { readonly cluster: string })[] => {
        const open = members.filter(isOpen);
        const closed = members.filter(({ varz }) => varz.auth_required);
        return open.length === 0 || closed.length === 0 ? [] : [{ cluster, open, closed }];
      },
    );
    const beside = new Set(mixed.flatMap(({ open }) => open.map(({ varz }) => varz.server_id)));
    const isMeant = expect.authentication === false;
    const open = servers.filter((each) => isOpen(each) && !beside.has(each.varz.server_id) && !isMeant);
    if (open.length === 0 && mixed.length === 0) {
      const local = servers
        .filter((each) => asksNothing(each) && isLocal(each))
        .map(({ target }) => target.name);
      if (isMeant) return nothing('open where settings say so');
      return nothing(
        local.length > 0
          ? `open to their own hosts alone: ${inline(local, 9)}`
          : 'all ask clients for credentials, or for a certificate',
      );
    }
    const all: Doors = { open, closed: [] };
    return measured(
      `open: ${inline(
        servers.filter(isOpen).map(({ target }) => target.name),
        9,
      )}`,
      [
        ...mixed.map(({ cluster, ...data }) => ({
          limit: 'besideClosed' as const,
          entity: { kind: 'cluster' as const, name: cluster },
          value: data.open.length,
          data,
        })),
        ...(open.length === 0
          ? []
          : [
              {
                limit: 'open' as const,
                entity: { kind: 'cluster' as const, name },
                value: open.length,
                data: all,
              },
            ]),
      ],
    );
  },
  describe({ value, limit, entity, data: { open, closed } }) {
    const names = inline(open.map(({ target }) => target.name));
    const [first] = open;
    const host = first === undefined ? '' : new URL(first.target.url).hostname;
    return {
      summary:
        limit === 'open'
          ? `${plural(value, 'server')} ${value === 1 ? 'lets' : 'let'} clients in without credentials: ${names}.`
          : `In cluster ${entity.name} ${names} ${value === 1 ? 'lets' : 'let'} clients in without credentials, while ` +
            `${formatCount(closed.length)} of its servers ask for them.`,
      evidence: [
        ...open.map(
          ({ target, varz }) =>
            `${target.name}: /varz has no auth_required, clients come in at ${varz.host}:${varz.port}`,
        ),
        ...closed.map(({ target }) => `${target.name} asks for credentials`),
      ],
      commands: {
        nats: `nats server check connection --server nats://${host}:${first?.varz.port ?? 4_222}`,
        curl: `curl -s '${first?.target.url ?? ''}/varz' | grep auth_required || echo open`,
      },
    };
  },
});
