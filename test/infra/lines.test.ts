import { describe, expect, it } from 'vitest';
import { folded, widthOf } from '../../infra/lines.ts';
import { tableLines } from '../../infra/tool/table-lines.ts';

describe('a line for a terminal', () => {
  it('is as it is where it fits, and in several, each further in, where not', () => {
    expect([folded('  one two three', 15), folded('  one two three', 14)]).toEqual([
      ['  one two three'],
      ['  one two', '    three'],
    ]);
  });

  it('has no part that is wider, a word without an end included', () => {
    expect(folded('arn:aws:sns:eu-west-1:1', 10)).toEqual(['arn:aws:', '  sns:eu-w', '  est-1:1']);
  });

  it('is as wide as the terminal is, of 40 columns at least, and as wide as said where there is none', () => {
    expect(
      [{ isTTY: true, columns: 120 }, { isTTY: true, columns: 20 }, { isTTY: false, columns: 120 }, {}].map(
        (out) => widthOf(out, 80),
      ),
    ).toEqual([120, 40, 80, 80]);
  });
});

describe('a table', () => {
  const rows = [
    ['rules.yaml:1 Down', 'classic', 'an alarm for each of the two servers'],
    ['rules.yaml:1 Down', 'promql', 'one alarm'],
  ];
  const head = ['rule', 'engine', ''];

  it('is a line a row where there is room, as in a file', () => {
    expect(tableLines(head, rows)).toEqual([
      'rule               engine',
      'rules.yaml:1 Down  classic  an alarm for each of the two servers',
      '                   promql   one alarm',
    ]);
  });

  it('wraps its last column, and has the first one above its rows where little is left', () => {
    expect([tableLines(head, rows, 68), tableLines(head, rows, 50)]).toEqual([
      [
        'rule               engine',
        'rules.yaml:1 Down  classic  an alarm for each of the two servers',
        '                   promql   one alarm',
      ],
      [
        'rule',
        '  engine',
        'rules.yaml:1 Down',
        '  classic  an alarm for each of the two servers',
        '  promql   one alarm',
      ],
    ]);
  });
});
