import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../infra/tool/arguments.ts';
import { UsageError } from '../../../infra/command-line.ts';

const nothing = { settings: null, engine: null, edition: null, alert: null, json: false };

function refusal(argv: readonly string[]): string {
  try {
    readArguments(argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('the command line of the rule tool', () => {
  it.each<[argv: string[], expected: object]>([
    [['check', 'a.yaml', 'b.yaml'], { command: 'check', files: ['a.yaml', 'b.yaml'] }],
    [['check', '--json', 'a'], { command: 'check', files: ['a'], json: true }],
    [['check', 'a', '--engine', 'promql'], { command: 'check', files: ['a'], engine: 'promql' }],
    [['test', 'a', '--prometheus', '3'], { command: 'test', files: ['a'], edition: 3 }],
    [['test', 'a', '--prometheus=2'], { command: 'test', files: ['a'], edition: 2 }],
    [['timeline', 'a', '--json'], { command: 'timeline', files: ['a'], json: true }],
    [['explain', 'a', '--alert', 'A'], { command: 'explain', files: ['a'], alert: 'A' }],
    [
      ['test', 'a', '--run', 'b', '--run', '^c$', '--junit', 'j.xml'],
      { command: 'test', files: ['a'], run: ['b', '^c$'], junit: 'j.xml' },
    ],
    [
      ['check', 'a', '--ignore-unknown-fields'],
      { command: 'check', files: ['a'], ignoreUnknownFields: true },
    ],
    [['--settings', 's.yaml', 'check', 'a'], { command: 'check', files: ['a'], settings: 's.yaml' }],
  ])('%j is understood', (argv, expected) => {
    expect(readArguments(argv)).toEqual({ ...nothing, ...expected });
  });

  it.each([[['--help']], [['-h']], [['check', '--help']]])('%j asks for help', (argv) => {
    expect(readArguments(argv)).toBeNull();
  });

  it.each([
    [[], 'expected a command: check, test, timeline, explain'],
    [['lint', 'a'], 'no command "lint"; there are check, test, timeline, explain'],
    [['check'], 'check: expected a file'],
    [['timeline', 'a', 'b'], 'timeline: expected one file, received a, b'],
    [['explain', 'a', 'b', '--alert', 'A'], 'explain: expected one file, received a, b'],
    [['explain', 'a'], 'explain: expected --alert with the name of a rule'],
    [['test', 'a', '--json'], 'test has no --json; check and timeline have it'],
    [['test', 'a', '--engine', 'classic'], 'test has no --engine; check and explain have it'],
    [['check', 'a', '--alert', 'A'], 'check has no --alert; explain has it'],
    [['check', 'a', '--engine', 'metric-math'], '--engine metric-math: expected classic or promql'],
    [['check', 'a', '--run', 'b'], 'check has no --run; test has it'],
    [['timeline', 'a', '--junit', 'b'], 'timeline has no --junit; test has it'],
    [['test', 'a', '--run', '('], '--run (: the pattern ( is no RE2: a missing )'],
    [['check', 'a', '--prometheus', '1'], '--prometheus 1: expected 2 or 3'],
  ])('%j is refused', (argv, message) => {
    expect(refusal(argv)).toBe(message);
  });

  it('with an option that nobody knows names it', () => {
    expect(refusal(['check', 'a', '--strict'])).toContain('no option --strict');
  });
});
