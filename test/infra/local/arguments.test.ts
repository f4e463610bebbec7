import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../lambdas/durations.ts';
import { optionTexts, readArguments, usage } from '../../../infra/local/arguments.ts';
import { UsageError } from '../../../infra/command-line.ts';
import { chooseChecks } from '../../../infra/local/look.ts';

const nothing = {
  urls: [],
  settings: null,
  memory: null,
  checks: [],
  since: null,
  replay: false,
  watch: false,
  json: false,
  help: false,
};

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('the command line', () => {
  it.each<[argv: string[], expected: Partial<ReturnType<typeof readArguments>>]>([
    [[], {}],
    [['http://n1:8222', 'https://n2/base'], { urls: ['http://n1:8222', 'https://n2/base'] }],
    [['localhost:8222', '10.0.0.1'], { urls: ['http://localhost:8222', 'http://10.0.0.1'] }],
    [['--settings', 's.yaml', '--memory=m.json'], { settings: 's.yaml', memory: 'm.json' }],
    [['--check', 'a', '--check', 'b'], { checks: ['a', 'b'] }],
    [['--since', '1h30m'], { since: minutes(90) }],
    [['--since', '0s'], { since: seconds(0) }],
    [['--watch'], { watch: true }],
    [['--json', '--replay'], { json: true, replay: true }],
    [['-h'], { help: true }],
  ])('%j is understood', (argv, expected) => {
    expect(readArguments(argv)).toEqual({ ...nothing, ...expected });
  });

  it.each([
    [['--watch', '--json'], '--watch and --json: one document is not a stream, choose one'],
    [['--since', '10'], '--since 10: expected a duration such as 30s, 10m, 1h30m'],
    [
      ['--settings', 's.yaml', 'http://n1'],
      '--settings and URLs: settings name the targets themselves, give one of the two',
    ],
    [
      ['--replay', 'http://n1'],
      '--replay: a recorded scene has targets of its own, give no URL and no --settings',
    ],
    [
      ['--replay', '--settings', 's'],
      '--replay: a recorded scene has targets of its own, give no URL and no --settings',
    ],
    [
      ['--replay', '--memory', 'm.json'],
      '--replay: a recorded scene has one moment, nothing to remember, give no --memory',
    ],
    [['--memory'], "Option '--memory <value>' argument missing"],
  ])('%j is refused with what to write instead', (argv, message) => {
    expect(refusal(() => readArguments(argv))).toBe(message);
  });

  it('of an option that does not exist is refused by its name', () => {
    expect(refusal(() => readArguments(['--jsno', '--setings', 'a', '-x', '--quietly']))).toBe(
      [
        'no option --jsno; did you mean --json?',
        'no option --setings; did you mean --settings?',
        'no option -x',
        'no option --quietly',
      ].join('\n'),
    );
  });

  it('of a check that does not exist is told which there are', () => {
    expect(refusal(() => chooseChecks(['server-up', 'server-down']))).toMatch(
      /^--check server-down: there are .*\bconnection-count\b.*\bserver-up\b/,
    );
  });

  it('without checks means all, and the catalogue decides their order', () => {
    const all = chooseChecks([]).map(({ id }) => id);
    expect(all).toEqual(all.toSorted());
    expect(chooseChecks(['server-up', 'connection-count']).map(({ id }) => id)).toEqual([
      'connection-count',
      'server-up',
    ]);
  });

  it('is explained, every option of it and no other, by --help and on the pages', () => {
    const taken = (name: string) =>
      [[`--${name}`], [`--${name}`, '1m']].some(
        (argv) => !refusal(() => readArguments(argv)).startsWith('Unknown'),
      );
    const told = optionTexts.map(({ name }) => name);
    const inText = (text: string) =>
      [...new Set(text.match(/(?<![\w-])--[a-z]+/g))].map((name) => name.slice(2));
    const ofPage = (page: string) =>
      readFileSync(path.resolve(import.meta.dirname, '../../..', page), 'utf8')
        // npm's own.
        .replaceAll('npm start --silent', 'npm start')
        .split('\n')
        .filter((line) => /npm start|^\| `--/.test(line))
        .flatMap(inText);
    expect(told.filter((name) => !taken(name))).toEqual([]);
    expect(Object.keys(readArguments(['http://n1'])).filter((name) => !told.includes(name))).toEqual([
      'urls',
      'checks',
    ]);
    expect(inText(usage).toSorted()).toEqual(told.toSorted());
    expect([...new Set(ofPage('infra/local/terminal.md'))].toSorted()).toEqual(told.toSorted());
    expect(ofPage('README.md').filter((name) => !told.includes(name))).toEqual([]);
  });
});
