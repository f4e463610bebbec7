import type { SuiteReport } from './report.ts';
import { caseText } from './report.ts';

/** The tests of a file as they ended, or why it has none. */
export type Ended = SuiteReport | { readonly file: string; readonly error: string };

/**
 * JUnit's XML as `promtool test rules --junit` writes it: a suite a file, a case a test group, a failure for each check
 * that failed. A file that cannot be read has one case `unknown` with the error.
 * @param time local, as promtool has it: `2026-11-30T02:46:45`
 */
export const junitXml = (files: readonly Ended[], time: string): string =>
  `<testsuites>${files.map((ended) => suiteOf(ended, time)).join('')}</testsuites>`;

function suiteOf(ended: Ended, time: string): string {
  if ('error' in ended)
    return suite(ended.file, { tests: 1, failures: 0, errors: 1, time: '' }, [
      testCase('unknown', `<error>${escaped(ended.error)}</error>`),
    ]);
  const groups = ended.groups.map(({ name, problems, cases }) => ({
    name,
    failures: [...problems, ...cases.filter(({ isPassed }) => !isPassed).map(caseText)],
  }));
  const failures = groups.reduce((sum, group) => sum + group.failures.length, 0);
  return suite(
    ended.file,
    { tests: groups.length, failures, errors: 0, time },
    groups.map((group) =>
      testCase(group.name, group.failures.map((text) => `<failure>${escaped(text)}</failure>`).join('')),
    ),
  );
}

type Counts = {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly time: string;
};

const suite = (file: string, { tests, failures, errors, time }: Counts, cases: readonly string[]): string =>
  `<testsuite name="${escaped(file)}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="0" timestamp="${time}">` +
  `${cases.join('')}</testsuite>`;

const testCase = (name: string, inner: string): string =>
  `<testcase name="${escaped(name)}">${inner}</testcase>`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
  '\n': '&#xA;',
  '\r': '&#xD;',
  '\t': '&#x9;',
};

/** As Go's encoding/xml escapes; what XML cannot hold is replaced. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[&<>"'\n\r\t]/g, (character) => entities[character] ?? character)
    .replace(/[\u0000-\u001f\ufffe\uffff]/g, '\ufffd');
