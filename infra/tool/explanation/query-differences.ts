import { nodesOf, parse } from '../../../lambdas/promql/index.ts';
import { unlessTogether } from '../../rules/translate/alarms/down-together.ts';

/** In words, where an alarm that asks CloudWatch the rule's own expression parts from Prometheus. */
export function queryDifferences(expr: string, query: string): readonly string[] {
  const { ast } = parse(query, 3);
  const hasWindow =
    ast !== undefined && [...nodesOf(ast)].some(({ kind }) => kind === 'range' || kind === 'subquery');
  const isSilent = query.endsWith(unlessTogether);
  const written = isSilent ? query.slice(0, -unlessTogether.length) : query;
  return [
    ...(isSilent
      ? [
          'Of servers that went down with all others of their cluster one alarm tells, nats/CLUSTER/all-servers-down: the query leaves them out.',
        ]
      : []),
    ...(written === expr ? [] : ['Recorded names are written out, as CloudWatch records nothing.']),
    ...(hasWindow
      ? [
          'Windows are those of Prometheus 3: one of 5 minutes holds five samples a minute apart, where 2 has a sixth.',
        ]
      : []),
    'A series that stops coming has recovered for CloudWatch; an alarm of its own reports that none come.',
    'The alarm starts in OK, and is in ALARM while any element of the result is.',
  ];
}
