import { describe, expect, it } from 'vitest';
import { longestFile, mostValues } from '../../../../infra/rules/rule-file/limits.ts';
import { formatProblem, readRuleFile } from '../../../../infra/rules/rule-file/rule-file.ts';
import { withRules } from './corpus.ts';

/** For what grows faster than the text, which would take hours: how fast the machine is decides nothing. */
const mostCpuMs = 240_000;

function timed(text: string): { readonly rules: number; readonly problems: readonly string[] } {
  const before = process.cpuUsage();
  const { groups, problems } = readRuleFile(text, 'nats.yaml', 3);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(mostCpuMs);
  return { rules: groups.flatMap((group) => group.rules).length, problems: problems.map(formatProblem) };
}

const filled = (text: string, lead = ''): string =>
  lead + text.repeat((longestFile - lead.length) / text.length);
const rule = (index: number): string => `alert: Alert${index}
    expr: |
      sum by (server_id) (rate(gnatsd_varz_in_msgs{job="nats", shard="${index}"}[5m])) > ${index}
    for: 5m
    labels:
      severity: warning
    annotations:
      summary: "{{ $labels.server_id }} takes {{ $value | humanize }} messages a second"`;

describe('a file is read, or refused, in time that grows with its length:', () => {
  it('10,000 rules', () => {
    const text = withRules(...Array.from({ length: 10_000 }, (_, index) => rule(index)));
    expect(timed(text)).toEqual({ rules: 10_000, problems: [] });
  });

  it('a character more than the most', () => {
    expect([timed(`#${' '.repeat(longestFile - 1)}`), timed(`#${' '.repeat(longestFile)}`)]).toEqual([
      { rules: 0, problems: [] },
      {
        rules: 0,
        problems: [
          'nats.yaml:1:1: the file has 5000001 characters, more than 5000000; split it into several',
        ],
      },
    ]);
  });

  it.each([
    ['lists within lists', filled('['), /nests deeper than 50, and is no rule file$/],
    ['dashes behind dashes', filled('- ', 'groups:\n'), /nests deeper than 50/],
    ['brackets that close nothing', ']'.repeat(200_000), /not YAML/],
    ['commas', filled(',', '['), /has more than 1500000 parts; split it into several$/],
    ['documents', filled('--- a\n'), /has more than 1500000 parts/],
    ['lines of nothing', filled('\n'), /has more than 1500000 parts/],
    ['escapes that are none', filled('\\q', '"'), /not YAML/],
    ['noise', filled('}a:{"-[#\'|&*!%@`'), /not YAML|parts/],
    ['binary', filled('\u0000\u0001'), /the character U\+0000 cannot stand/],
    [
      'keys without end',
      Array.from({ length: 50_000 }, (_, i) => `k${i}: v`).join('\n'),
      /has no field "k0"/,
    ],
  ])('%s', (_name, text, reported) => {
    const { problems } = timed(text);
    expect(problems[0]).toMatch(reported);
  });

  it('lists as deep as the most, and one deeper', () => {
    const nested = (depth: number): string => `groups: ${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect([timed(nested(48)).problems, timed(nested(49)).problems]).toEqual([
      ['nats.yaml:1:10: a group must be a mapping, not a list'],
      ['nats.yaml:1:58: the file nests deeper than 50, and is no rule file'],
    ]);
  });

  it('a template or an expression as long as the file', () => {
    const template = withRules(`{alert: A, expr: up, annotations: {a: '${'{{ $value }}'.repeat(400_000)}'}}`);
    const expr = withRules(`{alert: A, expr: '${'up + '.repeat(900_000)}up'}`);
    expect([timed(template).problems, timed(expr).problems]).toEqual([
      [
        'nats.yaml:4:43: group "nats", rule 1 (A): the template of a does not parse: it has 4800000 characters, more than 100000',
      ],
      ['nats.yaml:4:23: group "nats", rule 1 (A): the expression has 4500002 characters, more than 20000'],
    ]);
  });
});

describe('what aliases and labels of groups repeat is bounded:', () => {
  const repeated = (rules: number, groups: number): string =>
    `groups:\n- name: g\n  rules: &rules\n  - &rule {alert: A, expr: up}\n${'  - *rule\n'.repeat(rules - 1)}` +
    Array.from({ length: groups }, (_, index) => `- {name: g${index}, rules: *rules}\n`).join('');
  const reported = `nats.yaml:1:1: aliases and labels of groups repeat parts of the file to more than ${mostValues} values`;

  it('rules within groups', () => {
    expect([timed(repeated(100, 10)), timed(repeated(10_000, 100))]).toEqual([
      { rules: 1_100, problems: [] },
      { rules: 0, problems: [reported] },
    ]);
  });

  it('labels of a group in each of its rules', () => {
    const labels = Array.from({ length: 1_000 }, (_, index) => `l${index}: v`).join(', ');
    const text = (rules: number): string =>
      `groups:\n- name: g\n  labels: {${labels}}\n  rules:\n${'  - {alert: A, expr: up}\n'.repeat(rules)}`;
    expect([timed(text(10)), timed(text(2_000))]).toEqual([
      { rules: 10, problems: [] },
      { rules: 0, problems: [reported] },
    ]);
  });
});
