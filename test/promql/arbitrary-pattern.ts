import fc from 'fast-check';

const atoms = [
  ...[
    'a',
    'b',
    '.',
    '-',
    'é',
    'ſ',
    '😀',
    '[ab]',
    '[^a]',
    '[a-c]',
    '[\\pL\\d]',
    '[[:alpha:]-]',
    '[^\\P{Any}]',
  ],
  ...[
    '\\d',
    '\\w',
    '\\s',
    '\\.',
    '\\pL',
    '\\PN',
    '\\p{^L}',
    '\\p{LC}',
    '\\p{Greek}',
    '\\P{Any}',
    '\\x{212a}',
  ],
  ...[
    '^',
    '$',
    '\\A',
    '\\z',
    '\\b',
    '\\Qa*\\E',
    '\\Qab\\E',
    '\\Q\\E',
    '(?i)k',
    '(?U)',
    '(?m)',
    '(?s)',
    '(?-s)',
  ],
];
const repetitions = ['*', '+', '?', '*?', '+?', '??', '{0}', '{2}', '{1,2}', '{0,}', '{,2}', '{3,20}'];
const openings = ['(', '(?:', '(?i:', '(?s:', '(?m:', '(?P<n>'];

/** A pattern that RE2 mostly takes; every second one repeats something. A name is given to one group at most, as re2js wants. */
export const arbitraryPattern: fc.Arbitrary<string> = fc
  .letrec<{ sequence: string; piece: string }>((tie) => ({
    sequence: fc.array(tie('piece'), { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join('')),
    piece: fc
      .tuple(
        fc.oneof(
          { depthSize: 'small' },
          fc.constantFrom(...atoms),
          fc
            .tuple(fc.constantFrom(...openings), fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }))
            .map(([opening, branches]) => `${opening}${branches.join('|')})`),
        ),
        fc.option(fc.constantFrom(...repetitions), { nil: '' }),
      )
      .map((parts) => parts.join('')),
  }))
  .sequence.map((pattern) => {
    const [before = '', ...others] = pattern.split('(?P<n>');
    return others.length === 0 ? before : `${before}(?P<n>${others.join('(')}`;
  });

const letters = [...Array.from('aabbABkKsS.-1*α\n '), 'ſ', 'é', 'É', '😀', '\u212a'];

export const arbitraryText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...letters), { maxLength: 7 })
  .map((characters) => characters.join(''));
