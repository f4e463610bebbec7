import { isAlias, isCollection, isScalar, visit } from 'yaml';
import type { Alias, Document, Node, Scalar } from 'yaml';
import type { Problems } from './problem.ts';

/**
 * What each alias stands for; undefined for one whose anchor is not above it. Tells of what Prometheus' library refuses
 * and this one lets through: anchors of other characters, `\/` and halves of characters as escapes.
 */
export function anchorsOf(
  document: Document.Parsed,
  text: string,
  problems: Problems,
): ReadonlyMap<Alias, Node | undefined> {
  const anchors = new Map<string, Node>();
  const anchored = new Map<Alias, Node | undefined>();
  visit(document, {
    Node(_key, node) {
      const offset = node.range?.[0] ?? 0;
      if (isAlias(node)) {
        anchored.set(node, anchors.get(node.source));
        if (!anchors.has(node.source))
          problems.report(offset, `no anchor &${node.source} stands above this alias`);
        return;
      }
      if (isScalar(node)) refuseEscapes(node, text, problems);
      if (!(isScalar(node) || isCollection(node)) || node.anchor === undefined) return;
      if (!/^[\w-]+$/.test(node.anchor))
        problems.report(offset, `&${node.anchor} is no anchor; it takes letters, digits, _ and -`);
      anchors.set(node.anchor, node);
    },
  });
  return anchored;
}

const strangeEscape = /\\(?:(?<strange>\/|[uU](?:0000)?[dD][89a-fA-F][\da-fA-F]{2})|[^])/g;

function refuseEscapes({ type, range }: Scalar, text: string, problems: Problems): void {
  if (type !== 'QUOTE_DOUBLE') return;
  const [start, end] = range ?? [0, 0];
  for (const { groups, index } of text.slice(start, end).matchAll(strangeEscape)) {
    if (groups?.['strange'] === undefined) continue;
    problems.report(
      start + index,
      `\\${groups['strange']} is no escape that Prometheus reads; write the character`,
    );
  }
}
