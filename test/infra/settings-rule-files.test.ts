import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from './catalogue.ts';
import { folder, refusal, smallest, written } from './settings-file.ts';

describe('rule files', () => {
  const withRules = (text: string, ...files: readonly [name: string, text: string][]) => {
    for (const [name, content] of files) writeFileSync(path.join(folder, name), content);
    return written(`${smallest}${text}`);
  };
  const rule = (name: string, expr: string) =>
    `groups: [{ name: g, rules: [{ alert: ${name}, expr: '${expr}', labels: { severity: page } }] }]\n`;

  it('are read from beside the settings, in their order, the built-in ones where they are named', () => {
    const file = withRules('rules: [mine.yaml, built-in]\nmirror: literal\n', [
      'mine.yaml',
      rule('Mine', 'up == 0'),
    ]);
    const { rules } = loadSettings(file, checks).translated;
    expect(rules.map((each) => each.file).filter((name, i, all) => all.indexOf(name) === i)).toEqual([
      'mine.yaml',
      'built-in/literal.yaml',
    ]);
    expect([rules[0]?.alert, rules.length > 10]).toEqual(['Mine', true]);
  });

  it('may be none', () => {
    expect(loadSettings(written(`${smallest}rules: []`), checks).translated.specs).toEqual([]);
  });

  it('that promtool would not take are refused by file, place and rule, all of them', () => {
    withRules(
      '',
      ['bad.yaml', rule('Bad', 'rate(gnatsd_varz_cpu) > 1')],
      ['worse.yaml', 'groups:\n  - nam: g\n'],
    );
    expect(refusal(`${smallest}rules: [bad.yaml, worse.yaml]`)).toMatchInlineSnapshot(`
      "settings.yaml:
        rules[0]: bad.yaml:1:55: group "g", rule 1 (Bad): rate wants a range vector, not an instant vector; give it a range, such as [5m]
        rules[1]: worse.yaml:2:5: a group has no field "nam"; it has name, interval, query_offset, limit, labels, rules
        rules[1]: worse.yaml:2:5: a group needs a name"
    `);
  });

  it('are read as the Prometheus that settings name', () => {
    withRules('', ['three.yaml', rule('Three', 'rate(gnatsd_varz_cpu[300]) > 1')]);
    expect(refusal(`${smallest}rules: [three.yaml]\nalarms: { prometheus: 3 }`)).toBe('accepted');
    expect(refusal(`${smallest}rules: [three.yaml]\nalarms: { engine: promql }`)).toBe('accepted');
    expect(refusal(`${smallest}rules: [three.yaml]`)).toContain('rules[0]: three.yaml:1:73');
  });

  it('that are not there are told with what else is wrong, and what is wrong in the others where it is known how to read them', () => {
    withRules('', ['three.yaml', rule('Three', 'rate(gnatsd_varz_cpu[300]) > 1')]);
    const of = (more: string) =>
      refusal(`${smallest}rules: [gone.yaml, three.yaml]\n${more}`)
        .split('\n')
        .slice(1)
        .map((line) => line.trim().replace(/:1:73.*/, ''));
    const gone = 'rules[0]: no such file: gone.yaml';
    expect([
      of('alarms: { per: each, prometheus: 3 }'),
      of('alarms: { per: each }'),
      of('alarms: { engine: promsql }'),
      of('mirror: inteded'),
    ]).toEqual([
      [expect.stringMatching(/^alarms\.per: /), gone],
      [expect.stringMatching(/^alarms\.per: /), gone, 'rules[1]: three.yaml'],
      [expect.stringMatching(/^alarms\.engine: /), gone],
      [expect.stringMatching(/^mirror: /), gone],
    ]);
  });

  it('of which two records depend on each other are refused', () => {
    const record = (name: string, expr: string) =>
      `groups: [{ name: g, rules: [{ record: '${name}', expr: '${expr}' }] }]\n`;
    withRules('', ['one.yaml', record('a:b', 'b:a + 1')], ['two.yaml', record('b:a', 'a:b + 1')]);
    expect(refusal(`${smallest}rules: [one.yaml, two.yaml]`)).toMatchInlineSnapshot(`
      "settings.yaml:
        rules: one.yaml:1:53: group "g", rule 1 (a:b): a recorded series is computed from itself: a:b -> b:a -> a:b"
    `);
  });
});
