import { sum } from './fleet.ts';
import { nearLimit } from './near-limit.ts';

/**
 * Servers count an account's connections together: their own, and what the others tell (accounts.go:670), of all clusters of a
 * super-cluster, so that what is watched is the least there is. A server counts its own leafnodes too, and those of no other.
 */
export default nearLimit({
  id: 'ACCOUNTS_001',
  title: 'Account near the connections that its JWT allows',
  brief: ['accounts', 'connections near limit'],
  what: 'connection',
  limit: 'conn',
  used: (on) => sum(on.map(({ stat }) => stat.conns)) + Math.max(0, ...on.map(({ stat }) => stat.leafnodes)),
  figure: ({ conns, leafnodes }) => conns + leafnodes,
  why:
    'At the limit the next client is refused ("maximum account active connections exceeded"), and one that reconnects may be as well: ' +
    'its old connection counts until the server finds it dead.',
  remedy:
    'Who connects so often? A client per request, or one that does not close what it opened, is the usual cause: `nats server report ' +
    'connections --account`. If they are all needed, raise the limit: `nsc edit account --conns`, then `nsc push`.',
});
