import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isMap, isScalar, stringify } from 'yaml';
import type { Scalar } from 'yaml';
import { offsetInFile } from '../../../../infra/rules/rule-file/scalar.ts';
import { readTree } from '../../../../infra/rules/rule-file/yaml.ts';

function scalarIn(file: string): Scalar {
  const { root } = readTree(file, 'nats.yaml').tree;
  const value = isMap(root) ? root.items[0]?.value : undefined;
  if (!isScalar(value)) throw new Error(`no scalar in ${file}`);
  return value;
}

const expression = fc
  .array(
    fc.constantFrom('up', ' ', '\n', '\n\n', '  ', '"', "'", '\\', '(', '# x', '\t', 'é', '{a="b"}', '=='),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((parts) => `a${parts.join('')}`);
const styles = ['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;

it('every character of a text is found where the file has it, in every style of YAML', () => {
  fc.assert(
    fc.property(expression, fc.constantFrom(...styles), fc.boolean(), (text, style, isCrLf) => {
      const written = stringify({ expr: text }, { defaultStringType: style, lineWidth: 20 });
      const file = isCrLf ? written.replaceAll('\n', '\r\n') : written;
      const scalar = scalarIn(file);
      fc.pre(scalar.value === text); // Long lines that begin with a blank are folded amiss by the writer.
      const found = Array.from(text).filter((character) => !/\s/.test(character));
      let index = 0;
      const there = Array.from(text).flatMap((character) => {
        const offset = offsetInFile(scalar, file, index);
        index += character.length;
        if (/\s/.test(character)) return [];
        const source = file.slice(offset);
        return scalar.type === 'QUOTE_DOUBLE' && source.startsWith('\\')
          ? [source.charAt(1)]
          : [String.fromCodePoint(source.codePointAt(0) ?? 0)];
      });
      expect(there).toEqual(found);
    }),
    { numRuns: 400 },
  );
});

it.each([
  ['an empty text', 'expr: ""', 0, 6],
  ['a text that is over', 'expr: up', 2, 8],
  ['a quoted text that is over', 'expr: "up" # x', 2, 9],
  ['a block text that is over', 'expr: |\n  up\n\n', 3, 12],
  ['what stands behind an emoji', 'expr: |\n  🙂 up\n', 3, 13],
  ['a line break', 'expr: |\n  a\n  b\n', 1, 11],
])('%s', (_name, file, index, offset) => {
  expect(offsetInFile(scalarIn(file), file, index)).toBe(offset);
});
