import fc from 'fast-check';
import { scalar, range, vector } from './arbitrary-expression.ts';
import { texts } from './corpus.ts';

const token = /"(?:[^"\\]|\\.)*"|[A-Za-z_:][A-Za-z0-9_:]*|[0-9][0-9a-zA-Z.]*|==|!=|>=|<=|=~|!~|\s+|[^]/g;

const spares = [
  ...['(', ')', '{', '}', '[5m]', '[5m:1m]', '[5m:]', '[', ']', ',', ' offset 5m', ' @ 60', ' offset -1m'],
  ...['+', '-', '*', '^', '==', '>', ' and ', ' or ', ' unless ', ' bool ', ' on (a) ', ' ignoring () '],
  ...[
    ' group_left () ',
    ' by (a) ',
    ' without (a) ',
    'sum',
    'rate',
    'time',
    'abs',
    'm',
    'a="b"',
    '{}',
    '1',
    '5m',
    '"s"',
    '=',
    '=~',
  ],
];

/** Expressions, most of them spoilt: a token left out, doubled, exchanged, put in elsewhere. */
export const spoilt: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.oneof(vector, scalar, range) },
      { weight: 1, arbitrary: fc.constantFrom(...texts.filter((text) => text.length > 2)) },
    ),
    fc.array(
      fc.record({
        kind: fc.constantFrom('drop', 'double', 'swap', 'insert', 'replace'),
        at: fc.nat(200),
        spare: fc.constantFrom(...spares),
      }),
      { maxLength: 2 },
    ),
  )
  .map(([text, changes]) => {
    const tokens: string[] = text.match(token) ?? [];
    for (const { kind, at, spare } of changes) {
      const index = at % Math.max(1, tokens.length);
      const here = tokens[index] ?? '';
      if (kind === 'drop') tokens.splice(index, 1);
      else if (kind === 'double') tokens.splice(index, 0, here);
      else if (kind === 'insert') tokens.splice(index, 0, spare);
      else if (kind === 'replace') tokens.splice(index, 1, spare);
      else tokens.splice(index, 2, tokens[index + 1] ?? '', here);
    }
    return tokens.join('');
  });
