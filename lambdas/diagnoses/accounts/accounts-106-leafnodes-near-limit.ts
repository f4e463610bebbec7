import { sum } from './fleet.ts';
import { nearLimit } from './near-limit.ts';

export default nearLimit({
  id: 'ACCOUNTS_106',
  title: 'Account near the leafnodes that its JWT allows',
  brief: ['accounts', 'leafnodes near limit'],
  what: 'leafnode',
  limit: 'leaf',
  used: (on) => sum(on.map(({ stat }) => stat.leafnodes)),
  figure: ({ leafnodes }) => leafnodes,
  why:
    'At the limit the next leafnode is refused, again and again, and the site behind it is cut off. One that changes its hub counts ' +
    'twice until the old hub finds it dead.',
  remedy:
    'Raise the limit (`nsc edit account --leaf-conns`, then `nsc push`), or take away leafnodes that nobody needs.',
});
