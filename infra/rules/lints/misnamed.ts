import type { Lint } from './subject/subject.ts';

/** What plain counts count, by the series' name; for each the word that a fitting name has. */
const subjects: readonly (readonly [RegExp, RegExp])[] = [
  [/^varz_jetstream_stats_accounts$/, /account|tenant/i],
  [/^(varz_slow_consumers|accstatz_slow_consumers)$/, /slow/i],
  [/^varz_stale_connections$/, /stale/i],
  [/^varz_stalled_clients$/, /stall/i],
  [/^(varz_connections|connz_num_connections|connz_total)$/, /conn|client/i],
  [/^(varz_subscriptions|subsz_num_subscriptions|connz_subscriptions)$/, /sub|interest/i],
  [/^(varz_routes|routez_num_routes)$/, /route|peer|cluster/i],
  [/^(varz_leafnodes|leafz_conn_nodes_total)$/, /leaf|edge/i],
  [/^server_total_streams$/, /stream/i],
  [/^server_total_consumers$/, /consumer/i],
];

/** Words of an alert's name that say what it is about. */
const nouns =
  /slow|stale|stall|consumer|account|(?<!jet)stream|connection|subscription|route|leaf|gateway|memory|cpu|storage/i;
/** Words for three totals that are taken for each other, as texts have them. */
const mixedUp: readonly (readonly [RegExp, RegExp])[] = [
  [/^varz_(stale_connections|stalled_clients)$/, /slow.consumer/i],
  [/^varz_(slow_consumers|stalled_clients)$/, /stale.connection/i],
];

/** L15: reported of plain counts whose alert is named after something else. */
export const misnamed: Lint = (subject) => {
  const { rule, selectors, seriesOf, written } = subject;
  const [selector] = selectors;
  const series = selector && seriesOf(selector);
  if (rule.kind !== 'alert' || selectors.length !== 1 || selector === undefined || series === undefined)
    return [];
  const fitting = subjects.find(([pattern]) => pattern.test(series.name))?.[1];
  if (fitting === undefined) return [];
  const name = written(selector);
  if (nouns.test(rule.alert) && !fitting.test(rule.alert))
    return [
      `the alert is called ${rule.alert} and is about ${name}; give it the name of what it counts, or the series that it names`,
    ];
  const other = mixedUp.find(([pattern]) => pattern.test(series.name))?.[1];
  const text = Object.values(rule.annotations).find(
    (each) => other?.test(each) === true && !fitting.test(each),
  );
  return text === undefined ? [] : [`a text speaks of something else than ${name}: ${JSON.stringify(text)}`];
};
