import { describe, expect, it } from 'vitest';
import {
  formatLeafnode,
  isNamed,
  nthOf,
  parseLeafnode,
  type Leafnode,
} from '../../../lambdas/diagnoses/leaf/identity.ts';

const texts = [
  'APP',
  'eu/edge1',
  'edge1',
  'a/b/c',
  '"',
  '"a"/b',
  'a"b',
  '\\',
  '',
  '/',
  'Zoë 😀',
  'tab\tand\nline',
];
const leafnodes: readonly Leafnode[] = [undefined, ...texts].flatMap((account) =>
  texts.map((name) => ({ account, name })),
);

describe('the id of a leafnode', () => {
  it('is account and name, in quotes where a slash could mislead', () => {
    expect(
      [
        { account: 'APP', name: 'leaf1' },
        { account: 'APP', name: 'eu/edge1' },
        { account: 'APP/eu', name: 'edge1' },
        { account: undefined, name: 'leaf1' },
        { account: undefined, name: 'eu/edge1' },
      ].map(formatLeafnode),
    ).toEqual(['APP/leaf1', 'APP/eu/edge1', '"APP/eu"/edge1', 'leaf1', '"eu/edge1"']);
  });

  it('is another for each account and name', () => {
    expect(new Set(leafnodes.map(formatLeafnode)).size).toBe(leafnodes.length);
  });

  it('tells account and name again', () => {
    expect(leafnodes.map((each) => parseLeafnode(formatLeafnode(each)))).toEqual(leafnodes);
  });

  it.each(['"', '"a', '"\\x"', 'no slash'])('that an older memory has (%s) does not end a run', (id) => {
    expect(parseLeafnode(id)).toEqual({ account: undefined, name: id });
  });
});

describe('settings name a leafnode', () => {
  it.each([
    ['APP/edge1', 'edge1', true],
    ['APP/edge1', 'APP/edge1', true],
    ['APP/edge1', 'B/edge1', false],
    ['APP/eu/edge1', 'edge1', false],
    ['APP/eu/edge1', 'eu/edge1', true],
    ['APP/eu/edge1', 'APP/eu/edge1', true],
    ['"APP/eu"/edge1', 'edge1', true],
    ['"APP/eu"/edge1', 'eu/edge1', false],
    ['"APP/eu"/edge1', 'APP/eu/edge1', true],
    ['"APP/eu"/edge1', '"APP/eu"/edge1', true],
  ])('%s as %s: %s', (id, expected, is) => {
    expect(isNamed(id, expected)).toBe(is);
  });
});

it('several alike are numbered from the second on', () => {
  expect([1, 2, 3, 4, 11, 12, 21, 22, 103, 111].map((n) => nthOf('a', n))).toEqual([
    'a',
    ...['2nd', '3rd', '4th', '11th', '12th', '21st', '22nd', '103rd', '111th'].map((nth) => `a (${nth})`),
  ]);
});
