import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { ownRows } from './accepted.ts';

export default defineDiagnosis({
  id: 'LEAF_001',
  title: 'A leafnode has a name with whitespace',
  scope: 'server',
  reads: { leafz: from('2.9.15') },
  history: {},
  limits: {
    names: atLeast({ warning: 1 }, { unit: 'count', of: 'names of leafnodes that have whitespace in them' }),
  },
  for: minutes(0),
  why:
    'A server name is part of subjects, where whitespace ends the protocol line: what is asked of this server by name does not ' +
    'reach it, and JetStream cannot place anything there.',
  remedy:
    'Give the leaf server a `server_name` without whitespace and restart it. With JetStream its streams are kept under the name: ' +
    'move those of several replicas first.',
  evaluate(server) {
    const named = ownRows(server).flatMap(({ name, account }) =>
      name !== undefined && /\s/.test(name) ? [{ name: JSON.stringify(name), account }] : [],
    );
    if (named.length === 0) return nothing('no name has whitespace');
    const names = [...new Set(named.map(({ name }) => name))];
    const { target } = server;
    return measured(inline(names), [
      {
        limit: 'names',
        entity: { kind: 'connections', name: `leafnodes of ${target.name}` },
        value: names.length,
        data: { target, names, named },
      },
    ]);
  },
  describe: ({ value, data: { target, names, named } }) => ({
    summary: `${plural(value, 'leafnode')} of ${target.name} ${value === 1 ? 'has a name' : 'have names'} with whitespace: ${inline(names)}.`,
    evidence: named.map(({ name, account }) => `${name}, account ${account}`),
    commands: {
      nats: 'nats server report leafnodes',
      curl: `curl -s '${target.url}/leafz' | grep '"name"'`,
    },
  }),
});
