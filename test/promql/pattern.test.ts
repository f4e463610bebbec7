import fc from 'fast-check';
import { RE2JS } from 're2js';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../../lambdas/promql/index.ts';
import {
  expandReplacement,
  isNative,
  partPattern,
  wholePattern,
} from '../../lambdas/promql/patterns/pattern.ts';
import { translate } from '../../lambdas/promql/patterns/regex.ts';
import { arbitraryPattern, arbitraryText } from './arbitrary-pattern.ts';
import { disagreements } from './parity.ts';

beforeAll(loadEngine);

const settings = { seed: 21, numRuns: 3_000 };
const editions = fc.constantFrom(2 as const, 3 as const);
const texts = fc.array(arbitraryText, { minLength: 3, maxLength: 3 });

/** What RE2 makes of a pattern; undefined where it refuses it. */
function judge(pattern: string, edition: 2 | 3): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern, edition === 3 ? RE2JS.DOTALL : 0);
  } catch {
    return undefined;
  }
}

describe('beside RE2, over generated patterns,', () => {
  it('the same are taken and refused, and the same meet the empty text', () => {
    fc.assert(
      fc.property(arbitraryPattern, editions, (pattern, edition) => {
        const ours = translate(pattern, edition);
        const theirs = judge(pattern, edition);
        expect(ours.source !== undefined).toBe(theirs !== undefined);
        if (ours.source !== undefined) expect(ours.takesNothing).toBe(theirs?.matches(''));
      }),
      settings,
    );
  });

  it('those that are left to JavaScript meet the same values whole, with the same groups', () => {
    let native = 0;
    fc.assert(
      fc.property(arbitraryPattern, editions, texts, (pattern, edition, values) => {
        const theirs = judge(pattern, edition);
        if (theirs === undefined || !isNative(pattern, edition, 'whole')) return;
        native += 1;
        for (const value of values) {
          const matcher = theirs.matcher(value);
          const groups = matcher.matches()
            ? Array.from({ length: theirs.groupCount() + 1 }, (_each, at) => matcher.group(at) ?? undefined)
            : null;
          const found = wholePattern(pattern, edition)?.exec(value);
          expect(found ? [...found] : found).toEqual(groups);
          expect(wholePattern(pattern, edition)?.test(value)).toBe(groups !== null);
        }
      }),
      settings,
    );
    expect(native).toBeGreaterThan(settings.numRuns / 5);
  });

  it('those that are left to JavaScript are found at the same places of a text', () => {
    let native = 0;
    fc.assert(
      fc.property(arbitraryPattern, arbitraryText, (pattern, text) => {
        const theirs = judge(pattern, 2);
        if (theirs === undefined || !isNative(pattern, 2, 'part')) return;
        native += 1;
        const places = (all: Iterable<readonly unknown[] & { readonly index?: number }>) =>
          [...all].map((found) => [found.index, ...found]);
        expect(places(partPattern(pattern)?.matchAll(text) ?? [])).toEqual(places(theirs.matchAll(text)));
      }),
      settings,
    );
    expect(native).toBeGreaterThan(settings.numRuns / 20);
  });
});

/** Far longer than JavaScript, left alone, would be through with in a lifetime, or in an hour. */
const long = 30_000;

describe('a value of 30,000 characters takes no time to speak of', () => {
  it.each([
    ['(a+)+', 'a', '!'],
    ['(a*)*', 'a', '!'],
    ['(a|a)*', 'a', '!'],
    ['(a|ab)*c', 'ab', '!'],
    ['(?:a?){500}a{500}', 'a', '!'],
    ['(?:|a|aa){500}b', 'a', '!'],
    ['.*.*.*=', 'x', '!'],
    ['(.*,){20}P', '1,', '!'],
    ['([a-z]+)*-[0-9]+', 'abc', '!'],
    ['(?i)(k|ſ|s)+x', 'Ks', '!'],
    ['(\\w+\\s?)+:', 'word ', '!'],
    ['[a-z]+[a-z]+[a-z]+[0-9]', 'q', '!'],
    ['a{0,500}a{0,500}a{0,500}b', 'a', '!'],
  ])('met by %s as a whole, and not', (pattern, part, end) => {
    const value = part.repeat(long / part.length) + end;
    for (const edition of [2, 3] as const) expect(wholePattern(pattern, edition)?.test(value)).toBe(false);
    expect(wholePattern(`(?:${pattern})?.*`, 3)?.test(value)).toBe(true);
  });

  it.each([
    ['(a+)+$', 'a'],
    ['.*.*=', 'x'],
    ['(.*):(.*):', 'x:'],
    ['a+b', 'a'],
  ])('searched for %s', (pattern, part) => {
    const value = `${part.repeat(long / part.length)}!\n`;
    expect([...(partPattern(pattern)?.matchAll(value) ?? [])].length).toBe(pattern === '(.*):(.*):' ? 1 : 0);
  });
});

describe('JavaScript’s own engine does for what rules usually have:', () => {
  it.each([
    ...['A|B|C', 'DLQ_.*', '.+', '.*-dlq', '.*orders.*', '(?i)orders.*', '[^.]+\\.eu\\..*', 'hub[0-9]+', ''],
    ...['\\$KV_.*|\\$OBJ_.*', 'KV_[a-z0-9]+-[a-z]+', 'a{1,3}b?', '^edge-.*$', '\\QDLQ.\\E.*'],
  ])('a matcher by %j', (pattern) => {
    expect(isNative(pattern, 2, 'whole')).toBe(true);
  });

  it.each([':\\d+', '^nats-(.*)', 'nats-'])('a text that replaces %s', (pattern) => {
    expect(isNative(pattern, 2, 'part')).toBe(true);
  });

  it.each(['(a+)+', '.*a.*b', '(?:a?){30}', '(a|b)*c'])('not for %s', (pattern) => {
    expect(isNative(pattern, 2, 'whole')).toBe(false);
  });
});

describe('label_replace', () => {
  it('fills in groups by number and name as Prometheus does, names that groups share among them', async () => {
    const patterns = ['(?:(?P<n>a)|(?P<n>b))', '(?P<n>a)(?P<n>b)', '(?:(?P<n>a)|(?P<1a>b))+', '(?:(a)|b)*'];
    const replacements = [
      '$n',
      '${n}',
      '$1',
      '$01',
      '$2',
      '$1a',
      '${1a}',
      '$nx',
      '$n-x',
      '$é',
      '$$n',
      '${n',
      '$0',
    ];
    const scene = {
      stepSeconds: 60,
      series: ['a', 'b', 'ab'].map((value) => ({ series: `m{v="${value}"}`, values: '1' })),
      questions: patterns.flatMap((pattern) =>
        replacements.map((by) => ({
          text: `label_replace(m, "to", "<${by}>", "v", ${JSON.stringify(pattern)})`,
          atMs: 0,
        })),
      ),
    };
    for (const major of [3, 2] as const) {
      expect(await disagreements(major, [scene]), `Prometheus ${major}`).toEqual([]);
    }
  });

  it('takes the first group of a name that took part', () => {
    const match = wholePattern('(?:(?P<n>a)|(?P<n>b))', 3)?.exec('b');
    expect(match && expandReplacement('$n', match, ['n', 'n'])).toBe('b');
  });
});
