import type { Edition } from '../../../lambdas/promql/index.ts';
import type { Verdict } from './expression.ts';
import { verdictOf } from './expression.ts';
import type { Entry, Given } from './fields.ts';
import { helmAt } from './filled-in.ts';
import { foreignFile } from './foreign.ts';
import { offsetOf, readerOf, TooManyValues } from './fields.ts';
import { labelNameFault } from './names.ts';
import type { Reporter, RuleFileProblem } from './problem.ts';
import { recursions } from './recursion.ts';
import type { RuleFileGroup } from './group.ts';
import type { RuleReading } from './rule.ts';
import { readRule } from './rule.ts';
import { readTexts, refuseBrokenTemplates } from './texts.ts';
import { durationOf, fieldsOf, wholeNumberOf } from './values.ts';
import { readTree } from './yaml.ts';

export { formatProblem } from './problem.ts';
export type { RuleFileProblem } from './problem.ts';
export { recursions } from './recursion.ts';
export type { RuleFileGroup } from './group.ts';
export type { PlacedRule } from './rule.ts';

export type RuleFile = {
  /** Empty where there are problems: a rule file is taken whole or not at all, as Prometheus takes it. */
  readonly groups: readonly RuleFileGroup[];
  /** In the order of the text; at most a hundred are named. */
  readonly problems: readonly RuleFileProblem[];
  /** Unknown fields that were passed over, as they were asked to be. */
  readonly passedOver?: readonly string[];
};

export type RuleFileOptions = {
  /** Whether fields that Prometheus does not know are passed over, as promtool does with this flag. */
  readonly ignoreUnknownFields?: boolean;
};

const groupFields = ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'];

/**
 * Reads a Prometheus rule file. What promtool of that major version rejects is a problem, with its place in the file.
 * Problems beyond that are named in the functions called here: broken templates in a group's labels, expressions that
 * no rule can have, recorded series that depend on themselves, and what `readTree` refuses of YAML.
 */
export function readRuleFile(
  text: string,
  file: string,
  edition: Edition,
  { ignoreUnknownFields = false }: RuleFileOptions = {},
): RuleFile {
  const { tree, problems } = readTree(text, file);
  const passed = new Set<string>();
  const passOver = ignoreUnknownFields ? (field: string) => void passed.add(field) : null;
  const refused = (): RuleFile => {
    const helm = helmAt(text);
    if (helm !== null) problems.report(helm, templateOfHelm);
    return { groups: [], problems: problems.list() };
  };
  const verdicts = new Map<string, Verdict>();
  const verdictOn = (expr: string): Verdict => {
    const known = verdicts.get(expr);
    const verdict = known === undefined ? verdictOf(expr, edition) : known;
    verdicts.set(expr, verdict);
    return verdict;
  };
  const reading = { tree, reader: readerOf(tree), edition, verdictOn, passOver };
  const foreign = foreignFile(tree.root, file);
  if (foreign !== null) problems.report(foreign.offset, foreign.message);
  if (problems.list().length > 0) return refused();
  try {
    const groups = readGroups(reading, file, problems);
    if (problems.list().length > 0) return refused();
    const circles = recursions(groups, edition);
    return {
      groups: circles.length > 0 ? [] : groups,
      problems: circles,
      ...(passed.size > 0 ? { passedOver: [...passed] } : {}),
    };
  } catch (error) {
    if (!(error instanceof TooManyValues)) throw error;
    problems.report(0, error.message);
    return refused();
  }
}

const templateOfHelm =
  'Helm fills this in before Prometheus reads the file: render the chart (helm template), and give the rules that come of it';

function readGroups(reading: RuleReading, file: string, problems: Reporter): readonly RuleFileGroup[] {
  const { reader, tree, passOver } = reading;
  const groups = fieldsOf(reader, tree.root, 'a rule file', ['groups'], problems, passOver).get('groups');
  const names = new Set<string>();
  return reader.itemsOf(groups?.value, 'groups', problems).flatMap((given) => {
    const offset = offsetOf(given, groups?.keyAt);
    const group = readGroup(reading, given, offset, file, problems);
    if (group === null) return [];
    if (names.has(group.name) && group.name !== '')
      problems.report(offset, `the group "${group.name}" stands twice in this file`);
    names.add(group.name);
    return [group];
  });
}

function readGroup(
  reading: RuleReading,
  given: Given,
  offset: number,
  file: string,
  problemsOfFile: Reporter,
): RuleFileGroup | null {
  const { reader, edition, passOver } = reading;
  const problems = problemsOfFile.of({ group: reader.peek(given, 'name') });
  const fields = fieldsOf(reader, given, 'a group', groupFields, problems, passOver);
  if (!reader.hasFields(given)) return null;
  const name = reader.textOf(fields.get('name')?.value, 'name', problems)?.text ?? '';
  if (name === '') problems.report(offset, 'a group needs a name');
  const labelsField = fields.get('labels');
  if (labelsField !== undefined && edition === 2) {
    const wayOut = 'move them to its rules, or set alarms.prometheus: 3';
    problems.report(labelsField.keyAt, `a group has labels from Prometheus 3 on only; ${wayOut}`);
  }
  const labels = readTexts(reader, labelsField, (label) => labelNameFault(label, edition), problems);
  const field = <T>(key: string, read: (entry: Entry) => T | null): T | null => {
    const entry = fields.get(key);
    return entry === undefined ? null : read(entry);
  };
  const duration = (key: string) => field(key, (entry) => durationOf(reader, entry, problems));
  const limit = field('limit', (entry) => wholeNumberOf(reader, entry, problems)) ?? 0;
  const listed = fields.get('rules');
  const rules = reader.itemsOf(listed?.value, 'rules', problems).flatMap((rule, index) => {
    const place = { number: index + 1, listOffset: listed?.keyAt ?? offset };
    return readRule(reading, rule, place, labels, problems) ?? [];
  });
  if (rules.some(({ kind }) => kind === 'alert')) refuseBrokenTemplates(labels, edition, problems);
  return {
    name,
    file,
    intervalMs: duration('interval') || null,
    limit: limit > 0 ? limit : null,
    queryOffsetMs: duration('query_offset'),
    rules,
  };
}
