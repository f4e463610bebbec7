import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checks, diagnoses } from '../../lambdas/checks/catalogue.ts';
import { builtInGroups } from '../../infra/rules/built-in.ts';
import { minutes, units, type Check, type Diagnosis, type Reads } from '../../lambdas/define.ts';
import { endpointsOf } from '../../lambdas/run/collect.ts';
import { reachable, severities, type Limit } from '../../lambdas/limits.ts';
import { openFindingsSeries } from '../../lambdas/engine/findings/open-findings.ts';
import { endpointPath } from '../../lambdas/engine/endpoint-path.ts';
import { endpointsOfOtherChecks } from '../../lambdas/run/evaluate-rules.ts';
import { exporterSeries } from '../../lambdas/series/exporter-series.ts';
import { requestsOf } from '../../lambdas/series/requests.ts';

const filesIn = (folder: string): readonly string[] =>
  readdirSync(path.resolve(import.meta.dirname, '../../lambdas', folder), {
    recursive: true,
    encoding: 'utf8',
  }).filter((file) => file.endsWith('.ts'));
const repeated = (words: readonly string[]) => words.filter((word, i) => words.indexOf(word) !== i);

const series = checks.flatMap((check) => check.series.map((one) => ({ check: check.id, ...one })));
const limits = diagnoses.flatMap(({ id, limits: own }) =>
  Object.entries(own).map(([name, limit]) => ({ id, name, limit })),
);
const ruled = checks.flatMap((check) =>
  check.diagnoses.flatMap((diagnosis) =>
    diagnosis.rule ? [{ check, diagnosis, rule: diagnosis.rule }] : [],
  ),
);

/** Which of these break a law, by what they are called. */
const breaking = <T>(
  all: readonly T[],
  called: (one: T) => string,
  holds: (one: T) => boolean,
): readonly string[] => {
  expect(all.length).toBeGreaterThan(0);
  return all.filter((one) => !holds(one)).map(called);
};
const ofId = ({ id }: { readonly id: string }) => id;

describe('every check', () => {
  it('has a file of its name, an id that fits a function and an alarm, and an id of its own', () => {
    expect(checks.map(({ id }) => `${id}.ts`).toSorted()).toEqual(
      filesIn('checks')
        .filter((file) => file !== 'catalogue.ts')
        .toSorted(),
    );
    expect(breaking(checks, ofId, ({ id }) => /^[a-z]+(-[a-z]+)*$/.test(id) && id.length <= 30)).toEqual([]);
  });

  it('runs every minute, or each 5 or 15: alarms look at whole periods', () => {
    const periods = [minutes(1), minutes(5), minutes(15)];
    expect(breaking(checks, ofId, ({ every }) => periods.includes(every))).toEqual([]);
  });

  it('is of a group whose checks all run as often: their alarm waits for the slowest', () => {
    const groups = [...Map.groupBy(checks, ({ group }) => group)];
    const paces = ([, own]: (typeof groups)[number]) => new Set(own.map(({ every }) => every)).size;
    expect(
      breaking(
        groups,
        ([group]) => group,
        (each) => paces(each) === 1,
      ),
    ).toEqual([]);
  });

  it('that stands behind a rule, or counts closed connections, runs every minute', () => {
    const isTimely = (check: Check) =>
      check.every === minutes(1) ||
      (!endpointsOf(check).includes('closed') && check.diagnoses.every(({ rule }) => rule === undefined));
    expect(breaking(checks, ofId, isTimely)).toEqual([]);
  });

  it('has endpoints that do not answer reported, by itself or another check, and once', () => {
    const read = new Set(checks.flatMap(endpointsOf).filter((endpoint) => endpoint !== 'varz'));
    expect(checks.flatMap(({ answersFor }) => answersFor).toSorted()).toEqual([...read].toSorted());
    const tells = ({ diagnoses: own }: Check) => own.some(({ id }) => id === 'SERVER_102');
    const answers = ({ answersFor, evaluates }: Check) => answersFor.length > 0 || evaluates === 'rules';
    expect(breaking(checks, ofId, (check) => tells(check) === answers(check))).toEqual([]);
    const reads = (check: Check) =>
      check.answersFor.every((endpoint) => endpointsOf(check).includes(endpoint));
    expect(breaking(checks, ofId, reads)).toEqual([]);
  });

  it('that evaluates rules leaves to others what they read and tell anyway, and tells the rest itself', () => {
    const reported = checks.flatMap(({ answersFor }) => answersFor.map(endpointPath));
    const paths = new Set(requestsOf(exporterSeries).map(({ request }) => request.path));
    const ofBoth = reported.filter((path) => paths.has(path));
    expect(endpointsOfOtherChecks.toSorted()).toEqual(['/varz', ...ofBoth].toSorted());
  });

  it('lists each diagnosis once, and has a headline series or those of rules', () => {
    expect(breaking(checks, ofId, ({ diagnoses: own }) => repeated(own.map(ofId)).length === 0)).toEqual([]);
    const publishes = ({ series, evaluates }: Check) => series.length > 0 || evaluates === 'rules';
    expect(breaking(checks, ofId, publishes)).toEqual([]);
  });
});

describe('every diagnosis', () => {
  it('has an id of its own, told by the name of its file, and is in a check', () => {
    const named = filesIn('diagnoses').flatMap((file) => {
      const [, suite, number] = /^(?:.*\/)?([a-z]+)-(\d{3})-[a-z0-9-]+\.ts$/.exec(file) ?? [];
      return suite === undefined || number === undefined ? [] : [`${suite.toUpperCase()}_${number}`];
    });
    expect(diagnoses.map(ofId).toSorted()).toEqual(named.toSorted());
  });

  it('lies in the folder of its suite', () => {
    const files = filesIn('diagnoses').filter((file) => /-\d{3}-/.test(file));
    expect(breaking(files, String, (file) => /^([a-z]+)\/\1-\d{3}-/.test(file))).toEqual([]);
  });

  it('that counts closed rows needs no endpoint but /varz beside: rows it cannot evaluate would be lost', () => {
    const needs = (reads: Reads) =>
      Object.entries(reads).flatMap(([name, { mode }]) => (mode === 'required' ? [name] : []));
    const counting: readonly { readonly called: string; readonly needed: readonly string[] }[] = [
      ...diagnoses.map(({ id, reads }) => ({ called: id, needed: needs(reads) })),
      ...series.map(({ name, reads }) => ({ called: name, needed: needs(reads) })),
    ].filter(({ needed }) => needed.includes('closed'));
    const alone = ({ needed }: (typeof counting)[number]) =>
      needed.every((name) => name === 'closed' || name === 'varz');
    expect(breaking(counting, ({ called }) => called, alone)).toEqual([]);
  });

  it('holds for whole minutes', () => {
    expect(breaking(diagnoses, ofId, ({ for: hold }) => hold >= 0 && hold % minutes(1) === 0)).toEqual([]);
  });

  it('keeps windows over a limit that has one, or over a span', () => {
    const holds = ({ history, limits: own }: Diagnosis) =>
      Object.values(history).every(({ kind, over }) => {
        if (kind !== 'window' && kind !== 'trend') return true;
        const span = typeof over === 'string' ? own[over]?.over : over;
        return span !== undefined && span > 0;
      });
    expect(breaking(diagnoses, ofId, holds)).toEqual([]);
  });
});

describe('every limit', () => {
  const called = ({ id, name }: (typeof limits)[number]) => `${id}.${name}`;

  it('has a level, and critical is worse than warning', () => {
    const rises = ({ direction }: Limit) => direction === 'above' || direction === 'atLeast';
    const isOrdered = ({ limit }: (typeof limits)[number]) => {
      const levels = severities.flatMap((severity) => limit.levels[severity] ?? []);
      const sorted = levels.toSorted((a, b) => (rises(limit) ? b - a : a - b));
      return reachable(limit).length > 0 && levels.join() === sorted.join();
    };
    expect(breaking(limits, called, isOrdered)).toEqual([]);
  });

  it('has a name that settings can give, and says what is compared', () => {
    expect(breaking(limits, called, ({ name }) => /^[a-z][A-Za-z]*$/.test(name) && name !== 'for')).toEqual(
      [],
    );
    expect(breaking(limits, called, ({ limit: { of } }) => /^\S.*[^\s.]$/.test(of))).toEqual([]);
  });

  it('of a ratio is one, not a percentage', () => {
    const ratios = limits.filter(({ limit }) => limit.unit === 'ratio');
    expect(
      breaking(ratios, called, ({ limit }) => Object.values(limit.levels).every((level) => level <= 1)),
    ).toEqual([]);
  });
});

describe('every rule', () => {
  const called = ({ diagnosis }: (typeof ruled)[number]) => diagnosis.id;

  it('is about a limit of its diagnosis that may page, and has a name of its own', () => {
    const pages = ({ diagnosis, rule }: (typeof ruled)[number]) => {
      const { critical, warning } = diagnosis.limits[rule.limit]?.levels ?? {};
      return critical !== undefined || warning !== undefined;
    };
    expect(breaking(ruled, called, pages)).toEqual([]);
    expect(repeated(ruled.map(({ rule }) => rule.alert))).toEqual([]);
  });

  it('is built in, in the form that means what it says, and pages for its diagnosis there', () => {
    const names = builtInGroups('intended', 2).flatMap(({ rules }) =>
      rules.flatMap((rule) =>
        rule.kind === 'alert' && rule.labels['diagnosis'] !== undefined
          ? [`${rule.alert} ${rule.labels['diagnosis']}`]
          : [],
      ),
    );
    const expected = ruled.map(({ diagnosis, rule }) => `${rule.alert} ${diagnosis.id}`);
    expect(names.toSorted()).toEqual(expected.toSorted());
  });
});

describe('every series', () => {
  const called = ({ check, name }: (typeof series)[number]) => `${check}: ${name}`;

  it('has a name that Prometheus takes, of the exporter or ours, with its unit', () => {
    const suffix = {
      ...{ seconds: '_seconds', bytes: '_bytes', ratio: '_ratio', percent: '', count: '' },
      ...{ perSecond: '_per_second', bytesPerSecond: '_bytes_per_second' },
    };
    const isNamed = ({ name, unit }: (typeof series)[number]) =>
      name === 'up' ||
      (name.startsWith('gnatsd_')
        ? /^gnatsd_[a-z0-9_]+$/.test(name)
        : /^nats_[a-z0-9_]+$/.test(name) && name.endsWith(suffix[unit]));
    expect(breaking(series, called, isNamed)).toEqual([]);
    expect(series.map(({ name }) => name)).not.toContain(openFindingsSeries);
  });

  it('of one name is one: unit and label agree, and each scope is published by one check', () => {
    const kinds = new Set(series.map(({ name, unit, by }) => JSON.stringify({ name, unit, by })));
    expect(kinds.size).toBe(new Set(series.map(({ name }) => name)).size);
    expect(repeated(series.map(({ name, scope }) => `${name} ${scope}`))).toEqual([]);
  });

  it('has a unit that CloudWatch knows', () => {
    expect(breaking(series, called, ({ unit }) => Object.hasOwn(units, unit))).toEqual([]);
  });

  it('by a word has a bounded label of its own and different words', () => {
    const labelled = series.filter(({ by }) => by !== undefined);
    const holds = ({ by }: (typeof series)[number]) =>
      by !== undefined &&
      /^[a-z][a-z_]*$/.test(by.label) &&
      !['cluster', 'server_id', 'check', 'severity'].includes(by.label) &&
      by.words.length > 0 &&
      by.words.length <= 10 &&
      repeated(by.words).length === 0;
    expect(breaking(labelled, called, holds)).toEqual([]);
  });
});

describe('texts', () => {
  type Text = { readonly of: string; readonly text: string };
  const of =
    (name: string) =>
    (owner: Check | Diagnosis | (typeof series)[number], text: string): Text => ({
      of: `${'id' in owner ? owner.id : owner.name} ${name}`,
      text,
    });
  const headings: readonly Text[] = [
    ...checks.map((check) => of('title')(check, check.title)),
    ...diagnoses.map((diagnosis) => of('title')(diagnosis, diagnosis.title)),
    ...series.map((one) => of('help')(one, one.help)),
  ];
  const sentences: readonly Text[] = diagnoses.flatMap((diagnosis) => [
    of('why')(diagnosis, diagnosis.why),
    of('remedy')(diagnosis, diagnosis.remedy),
  ]);
  const where = ({ of: owner, text }: Text) => `${owner}: ${text}`;

  it('that are headings begin with a capital or digit and have no full stop', () => {
    expect(breaking(headings, where, ({ text }) => /^[A-Z0-9`].*[^.\s]$/.test(text))).toEqual([]);
  });

  it('that are sentences begin with a capital and end with a full stop', () => {
    expect(breaking(sentences, where, ({ text }) => /^[A-Z`"][\s\S]*[.)?]$/.test(text))).toEqual([]);
  });

  it('have no doubled spaces, no empty lines and no long dashes', () => {
    expect(
      breaking([...headings, ...sentences], where, ({ text }) => !/ {2}|\n\n|\t|[–—“”]/.test(text)),
    ).toEqual([]);
  });

  it('name no option that nats-server does not have', () => {
    expect(
      breaking([...headings, ...sentences], where, ({ text }) => !/ping_timeout|stale_timeout/.test(text)),
    ).toEqual([]);
  });
});
