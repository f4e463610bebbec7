import { nodesOf, selectorsOf, type Expression } from '../promql/index.ts';
import { costlyLabels } from '../series/requests.ts';
import type { Names } from './identity.ts';
import type { Rule } from './rule.ts';

type Parsed = { readonly rule: Rule; readonly ast: Expression };

/**
 * Labels that make a request dearer and that none of the rules reads: none names them, matches by all labels but some,
 * or shows all labels there are.
 */
export function unreadLabels(rules: readonly Parsed[], names: Names): readonly string[] {
  if (rules.some(({ rule, ast }) => showsAll(rule) || comparesAll(ast, names))) return [];
  const texts = rules.flatMap(({ rule }) => textsOf(rule));
  return costlyLabels.filter((label) => !texts.some((text) => text.includes(label)));
}

const templatesOf = (rule: Rule): readonly string[] =>
  rule.kind === 'alert' ? [rule.labels, rule.annotations].flatMap(Object.values<string>) : [];
const textsOf = (rule: Rule): readonly string[] => [rule.expr, ...templatesOf(rule)];

/** `{{ $labels }}`, `{{ range $labels }}`, `{{ . }}`: other than `{{ $labels.name }}`. */
const showsAll = (rule: Rule): boolean =>
  templatesOf(rule).some(
    (text) => text.includes('{{') && /(\$labels|\.Labels)(?!\.\w)|[\s({|]\.(?!\w)/.test(text),
  );

/** Series of one family have the same of them, or none: they find each other with and without. */
function comparesAll(ast: Expression, names: Names): boolean {
  return [...nodesOf(ast)].some((node) => {
    if (node.kind === 'aggregation') return node.grouping.without;
    if (node.kind !== 'binary' || node.left.type !== 'vector' || node.right.type !== 'vector') return false;
    return !node.matching.on && !isOfOneFamily(node, names);
  });
}

function isOfOneFamily(node: Expression, { seriesOf }: Names): boolean {
  const families = new Set(selectorsOf(node).map((selector) => seriesOf(selector)?.collector));
  const isGrouped = [...nodesOf(node)].some(({ kind }) => kind === 'aggregation');
  return families.size === 1 && !families.has(undefined) && !isGrouped;
}
