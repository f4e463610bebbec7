import type { CST } from 'yaml';
import { YamlFault } from './fault.ts';

/**
 * Refuses what this YAML library reads and Prometheus' does not, as it keeps to YAML 1.1 there: tabs that might be
 * indentation, and within braces and brackets words with a question mark or a colon at an end, and keys apart from their
 * colon.
 * @throws YamlFault
 */
export function refuseLoose(token: CST.Token, inFlow = false): void {
  switch (token.type) {
    case 'document':
      if (token.value !== undefined) refuseLoose(token.value);
      return;
    case 'block-scalar':
      refuseTabs(token);
      return;
    case 'scalar':
      if (inFlow && /^:|\?/.test(token.source))
        throw new YamlFault(token.offset, `${token.source} within braces must stand in quotes`);
      return;
    case 'block-map':
    case 'block-seq':
    case 'flow-collection':
      for (const item of token.items) refuseItem(item, token.type === 'flow-collection');
  }
}

function refuseItem({ start, key, sep, value }: CST.CollectionItem, inFlow: boolean): void {
  start.forEach((mark, index) => {
    const next = start[index + 1];
    if (!inFlow && /^[-?]$/.test(mark.source) && next?.type === 'space' && next.source.includes('\t'))
      throw new YamlFault(next.offset, `behind ${mark.source} stands a tab; YAML wants spaces`);
  });
  if (inFlow && key != null && sep !== undefined) refuseSeparation(key, sep);
  for (const inner of [key, value]) if (inner != null) refuseLoose(inner, inFlow);
}

function refuseSeparation(key: CST.Token, sep: readonly CST.SourceToken[]): void {
  const colon = sep.findIndex(({ type }) => type === 'map-value-ind');
  const mark = sep[colon];
  if (mark === undefined) return;
  if (sep.slice(0, colon).some(({ type }) => type === 'newline'))
    throw new YamlFault(mark.offset, 'the colon must stand in the line of its key');
  if (key.type === 'scalar' && sep[colon + 1] === undefined)
    throw new YamlFault(mark.offset, 'behind the colon must stand a space');
}

/** Before the first word of a block text, whose indentation is the text's. */
function refuseTabs({ offset, props, source }: CST.BlockScalar): void {
  const hasIndentation = props.some((prop) => prop.type === 'block-scalar-header' && /\d/.test(prop.source));
  if (!hasIndentation && /^(?: *\r?\n)* *\t/.test(source))
    throw new YamlFault(offset, 'a tab stands before the first word of a text; YAML wants spaces');
}
