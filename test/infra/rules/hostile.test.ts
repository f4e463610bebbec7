import fc from 'fast-check';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { deployment } from '../../../infra/deployment.ts';
import { deploymentSettings } from '../../../infra/settings/deployment.ts';
import { translate, type RuleSource } from '../../../infra/rules/translate/translate.ts';
import { parseSettings } from '../../../lambdas/settings.ts';
import { checks } from '../catalogue.ts';
import { fitsCloudWatch } from '../limits.ts';
import { newApp, standInCode, type Resource } from '../synth.ts';

/** The longest names and the most labels that settings take. */
const labels = (prefix: string) =>
  Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${prefix}${i}`, 'x'.repeat(256)]));
const target = (n: number) => ({
  name: `${n}`.padStart(64, 'h'),
  url: `http://hub${n}:8222`,
  labels: labels('t'),
});
const cluster = { name: 'c'.repeat(64), labels: labels('c'), targets: [target(1), target(2)] };

type Hostile = {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly expr: string;
};

function translated(rules: readonly Hostile[], engine: string) {
  const raw = { clusters: [cluster], alarms: { engine, readme: 'R'.repeat(200) } };
  const diagnoses = checks.flatMap((check) => check.diagnoses);
  const { settings, book } = parseSettings(deploymentSettings, raw, 'settings', diagnoses);
  const at = { line: 1, column: 1 };
  const group: RuleSource = {
    name: 'g',
    file: 'f.yaml',
    intervalMs: null,
    limit: null,
    queryOffsetMs: null,
    rules: rules.map((rule) => ({
      kind: 'alert',
      forMs: 300_000,
      keepFiringForMs: 0,
      at,
      exprAt: at,
      ...rule,
    })),
  };
  return { settings, book, translated: translate([group], settings, book, checks) };
}

const nasty = [
  '${Token[TOKEN.1]}',
  '{{resolve:ssm:/secret}}',
  '{{ $labels.server_id }}',
  '{{ $labels.x }} {{ $value | printf "%f" }}',
  '\u0000\u001b[31m\u009b',
  '\ud800 half',
  'aws:cloudformation:stack-name',
  '',
  ' ',
  '/',
  '-',
  'severity',
  'x'.repeat(2_000),
  'ü'.repeat(300),
  '😀'.repeat(300),
  'a\nb\r\nc\td',
  '"\'`\\<>&',
];
const text = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 60 }));
const exprs = ['up == 0', 'sum(gnatsd_varz_mem) > 1', 'absent(up)', `up{job!="${'y'.repeat(500)}"} == 0`];
const hostile: fc.Arbitrary<Hostile> = fc.record({
  alert: text.filter((name) => name !== ''),
  labels: fc.dictionary(
    text.filter((name) => name !== ''),
    text,
    { maxKeys: 15 },
  ),
  annotations: fc.dictionary(fc.oneof(fc.constantFrom('summary', 'description', 'runbook_url'), text), text, {
    maxKeys: 6,
  }),
  expr: fc.constantFrom(...exprs),
});

describe('whatever rules are called, labelled and annotated,', () => {
  it.each(['classic', 'promql'])('alarms are within the limits of AWS and told apart: %s', (engine) => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (rules) => {
        const { specs } = translated(rules, engine).translated;
        expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
        const unfit = specs.filter(
          ({ name, description, tags }) =>
            !fitsCloudWatch({
              AlarmName: name,
              AlarmDescription: description,
              AlarmActions: [],
              Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
            }) ||
            /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\$\{Token\[|\{\{resolve:/.test(description) ||
            !description.isWellFormed(),
        );
        expect(unfit).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('a stack of them is made, and says what the rules say', () => {
    const rules = nasty
      .filter((name) => name !== '')
      .map((name, i) => ({
        alert: name,
        labels: { [name]: name, severity: name },
        annotations: { summary: name, [name]: name },
        expr: exprs[i % exprs.length] ?? '',
      }));
    const loaded = translated(rules, 'classic');
    const app = newApp();
    const { alarmsStacks } = deployment(app, {
      settings: { ...loaded, watch: {} },
      code: standInCode(),
      checks,
    });
    const alarms = alarmsStacks
      .flatMap(({ groups }) => groups)
      .flatMap((stack) =>
        Object.values(
          (Template.fromStack(stack).toJSON() as { Resources: Record<string, Resource> }).Resources,
        ).map(({ Properties }) => Properties),
      );
    expect(alarms.length).toBeGreaterThan(20);
    expect(alarms.filter((alarm) => !fitsCloudWatch(alarm))).toEqual([]);
  });
});
