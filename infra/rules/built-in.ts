import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Edition } from '../../lambdas/promql/index.ts';
import { oneLine } from '../cloudwatch/alarm-spec.ts';
import type { Mirror } from '../settings/mirrors.ts';
import { lint, type LintWarning } from './lint.ts';
import { formatProblem, readRuleFile, type PlacedRule, type RuleFileGroup } from './rule-file/rule-file.ts';

/**
 * The groups of the built-in rules.
 * @throws Error if the file is none that Prometheus would take
 */
export function builtInGroups(mirror: Mirror, edition: Edition): readonly RuleFileGroup[] {
  const file = `built-in/${mirror}.yaml`;
  const text = readFileSync(path.join(import.meta.dirname, file), 'utf8');
  const { groups, problems } = readRuleFile(text, file, edition);
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
  return groups;
}

/** What of a rule makes its alarm, on one line. */
export type Form = {
  readonly expr: string;
  readonly forMs: number;
  readonly severity: string;
};

export type SideBySide = {
  readonly alert: string;
  readonly intended: Form;
  readonly literal: Form;
  readonly isSame: boolean;
  /** Why the literal form misleads; of one that is meant as it is, what else to know. A code is its lint's. */
  readonly reasons: readonly { readonly code: LintWarning['code'] | null; readonly message: string }[];
};

/** What no lint can tell, by the literal expression. */
const ownReasons: Readonly<Record<string, string>> = {
  'gnatsd_varz_leafnodes == 0':
    'a server without leafnodes is no trouble while others of its cluster have them, nor where none are expected: the ' +
    'intended rule counts those of all servers, and is deployed where settings expect leafnodes',
  'sum(gnatsd_varz_jetstream_stats_accounts) > 100':
    'the servers of a cluster all count the same accounts: the sum has each once a server, and names none of them',
  'gnatsd_connz_num_connections > 1000':
    'the exporter counts one page of at most 1,024 connections; the series here counts all',
};

/** Every published rule beside the form that means what its name says. */
export function sideBySide(): readonly SideBySide[] {
  const edition = 2;
  const groups = builtInGroups('literal', edition);
  const warnings = lint(groups, { engine: 'classic', edition, prefixes: [], targets: null });
  const intended = new Map(alertsIn(builtInGroups('intended', edition)).map((rule) => [rule.alert, rule]));
  return alertsIn(groups).map((literal): SideBySide => {
    const meant = intended.get(literal.alert);
    if (meant === undefined) throw new Error(`no intended form of ${literal.alert}`);
    const own = ownReasons[literal.expr];
    const forms = { intended: formOf(meant), literal: formOf(literal) };
    return {
      alert: literal.alert,
      ...forms,
      isSame: JSON.stringify(forms.intended) === JSON.stringify(forms.literal),
      reasons: [
        ...(warnings.get(literal) ?? []),
        ...(own === undefined ? [] : [{ code: null, message: own }]),
      ],
    };
  });
}

type PlacedAlert = Extract<PlacedRule, { readonly kind: 'alert' }>;

const alertsIn = (groups: readonly RuleFileGroup[]): readonly PlacedAlert[] =>
  groups.flatMap(({ rules }) => rules.filter((rule) => rule.kind === 'alert'));

const formOf = ({ expr, forMs, labels }: PlacedAlert): Form => ({
  expr: oneLine(expr),
  forMs,
  severity: labels['severity'] ?? '',
});
