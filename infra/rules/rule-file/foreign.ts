import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node } from 'yaml';

/** What a file is that is no rule file, where that shows, and what to do with it. */
export type Foreign = { readonly offset: number; readonly message: string };

/** What prometheus.yml has, and no unit-test file. */
const ofPrometheus = ['global', 'scrape_configs', 'scrape_config_files', 'alerting'];

/** Rules within another file: those of Kubernetes, Helm's values, Grafana; null for what may be meant as a rule file. */
export function foreignFile(root: Node | null, file: string): Foreign | null {
  if (!isMap<Node, Node>(root)) return null;
  const offset = root.range?.[0] ?? 0;
  const grafana = grafanaRule(root.get('groups', true));
  if (grafana !== null)
    return {
      offset: grafana.range?.[0] ?? offset,
      message:
        "a rule of Grafana, whose queries stand under data with steps after them; write its query and the last step's condition " +
        'as one expr, its title as alert',
    };
  if (root.has('groups')) return null;
  if (ofPrometheus.some((key) => root.has(key)))
    return {
      offset,
      message:
        'a configuration of Prometheus, which names files of rules under rule_files and holds none; name those',
    };
  if (root.has('tests') || root.has('rule_files'))
    return {
      offset,
      message: `a unit-test file, which has tests and no rules; run npm run rules -- test ${file}`,
    };
  const [first, ...others] = groupsWithin(root);
  if (first === undefined) return null;
  const kind = root.get('kind', true);
  const what = isScalar(kind) ? `a ${String(kind.value)} of Kubernetes` : 'no rule file';
  const more = others.length > 0 ? `, and ${others.length} more below` : '';
  const only = first.isText ? first.path : `{"groups": ${first.path}}`;
  return {
    offset: first.offset,
    message: `${what}, whose rules stand here, in ${first.path}${more}; put them into a file of their own: yq '${only}' ${file}`,
  };
}

type Found = { readonly path: string; readonly offset: number; readonly isText: boolean };

const mostNodes = 20_000;

/** Every list under `groups`, and every text that has one, in the file's order. */
function groupsWithin(root: Node): readonly Found[] {
  const found: Found[] = [];
  const waiting: (readonly [Node, string])[] = [[root, '']];
  for (let seen = 0; seen < mostNodes; seen += 1) {
    const next = waiting.pop();
    if (next === undefined) break;
    const [node, path] = next;
    const offset = node.range?.[0] ?? 0;
    if (isScalar(node) && /^groups:/m.test(String(node.value))) found.push({ path, offset, isText: true });
    const inner = isMap<Node, Node | null>(node)
      ? node.items.map(({ key, value }) => [value, pathTo(path, key)] as const)
      : isSeq<Node>(node)
        ? node.items.map((item, index) => [item, `${path === '' ? '.' : path}[${index}]`] as const)
        : [];
    for (const [value, place] of inner.toReversed()) {
      if (value === null || isAlias(value)) continue;
      if (place.endsWith('.groups') && isSeq(value))
        found.push({ path: place, offset: value.range?.[0] ?? 0, isText: false });
      else waiting.push([value, place]);
    }
  }
  return found.toSorted((a, b) => a.offset - b.offset);
}

function pathTo(path: string, key: Node): string {
  const name = isScalar(key) ? String(key.value) : '';
  return /^[A-Za-z_]\w*$/.test(name) ? `${path}.${name}` : `${path || '.'}[${JSON.stringify(name)}]`;
}

/** The first rule that has queries and steps in place of an expression. */
function grafanaRule(groups: unknown): Node | null {
  if (!isSeq<Node>(groups)) return null;
  for (const group of groups.items) {
    const rules = isMap(group) ? group.get('rules', true) : undefined;
    if (!isSeq<Node>(rules)) continue;
    const rule = rules.items.find((each) => isMap(each) && each.has('data') && !each.has('expr'));
    if (rule !== undefined) return rule;
  }
  return null;
}
