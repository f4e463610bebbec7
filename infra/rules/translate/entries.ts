import { checkGroups, type Check } from '../../../lambdas/define.ts';
import type { LimitBook } from '../../../lambdas/limits.ts';
import type { Edition } from '../../../lambdas/promql/index.ts';
import { notEvaluated } from '../../../lambdas/rules/findings/rule-101-not-evaluated.ts';
import { samplesNotTaken } from '../../../lambdas/rules/findings/rule-102-samples-not-taken.ts';
import { isAddress } from '../../../lambdas/engine/links.ts';
import type { PlannedAlert } from '../../../lambdas/rules/plan.ts';
import type { AlertRule, RecordingRule, Rule } from '../../../lambdas/rules/rule.ts';
import { factsOf } from '../../../lambdas/settings.ts';
import { cut } from '../../cloudwatch/description.ts';
import { longestRunbook } from '../../cloudwatch/rule-description.ts';
import type { DeploymentSettings } from '../../settings/deployment.ts';
import type { PlacedRule, RuleFileGroup } from '../rule-file/rule-file.ts';
import { ruleNames, type RuleNames } from './ids.ts';
import { atLevels, limitedBy, warnsBefore, type Limited } from './limits.ts';
import { severityOf } from '../severity.ts';
import type { Warning } from '../warning.ts';
import type { PagingSeverity } from '../../cloudwatch/alarm-spec.ts';

/** A group of a rule file; only built-in ones take limits from diagnoses. */
export type RuleSource = RuleFileGroup & { readonly isBuiltIn?: boolean };

/** Where an entry comes from. */
export type Origin = {
  readonly group: RuleSource;
  /** As the file has it. */
  readonly written: PlacedRule;
  readonly warnings: readonly Warning[];
};
export type AlertEntry = Origin & {
  readonly kind: 'alert';
  readonly rule: PlannedAlert;
  readonly limited: Limited | null;
};
export type RecordEntry = Origin & { readonly kind: 'record'; readonly rule: RecordingRule };
export type Entry = AlertEntry | RecordEntry;

type Given = {
  readonly settings: DeploymentSettings;
  readonly book: LimitBook;
  readonly checks: readonly Check[];
  readonly edition: Edition;
};

/** The rules of these groups in their order, with ids; a built-in one for each level of the limit that it takes. */
export function entriesOf(groups: readonly RuleSource[], given: Given): readonly Entry[] {
  const leveled = groups.flatMap((group) =>
    group.rules.flatMap((written) => leveledOf(group, written, given)),
  );
  const alerts = leveled.filter((entry) => entry.kind === 'alert');
  const named = ruleNames(
    alerts.map(({ rule: { alert, labels }, severity, group }) => ({
      alert,
      severity,
      apart: JSON.stringify([group.name, labels]),
    })),
    [
      ...checkGroups,
      ...[
        ...given.checks,
        ...given.checks.flatMap(({ diagnoses }) => diagnoses),
        notEvaluated,
        samplesNotTaken,
      ].map(({ id }) => id),
    ],
  );
  const namesOf = new Map<Leveled, RuleNames | undefined>(alerts.map((entry, i) => [entry, named[i]]));
  return leveled.map((entry): Entry => {
    if (entry.kind === 'record') return entry;
    const { rule, severity, limited, ...rest } = entry;
    const { id, alarm } = namesOf.get(entry) ?? { id: rule.alert, alarm: rule.alert };
    const warnings = [...rest.warnings, ...warningsOfName(rule.alert, id)];
    return {
      ...rest,
      warnings,
      limited,
      rule: { ...rule, id, alarm, severity, ...placesOf(limited, given) },
    };
  });
}

type Leveled =
  RecordEntry | (Omit<AlertEntry, 'rule'> & { readonly rule: AlertRule } & Pick<PlannedAlert, 'severity'>);

function leveledOf(group: RuleSource, written: PlacedRule, given: Given): readonly Leveled[] {
  const rule = withoutPlace(written);
  if (rule.kind === 'record') return [{ kind: 'record', group, written, rule, warnings: [] }];
  const { settings, book, checks, edition } = given;
  const origin = { kind: 'alert', group, written } as const;
  const diagnoses = checks.flatMap((check) => check.diagnoses);
  const limited = group.isBuiltIn === true ? limitedBy(rule, diagnoses, book) : null;
  if (limited !== null && limited.diagnosis.rule.warnsEarlier !== true) {
    const levels = atLevels(rule, limited, book, edition);
    // The rule's own severity first: another level that settings add takes no name from it.
    const isOwn = (level: PagingSeverity) => Number(level === rule.labels['severity']);
    const ordered = levels.toSorted((a, b) => isOwn(b.severity) - isOwn(a.severity));
    return ordered.map((level) => ({ ...origin, ...level, limited, warnings: [] }));
  }
  const chosen = severityOf(rule.labels['severity'], settings.alarms.severities);
  return [
    {
      ...origin,
      rule,
      limited: limited !== null && warnsBefore(rule, limited, chosen.severity, edition) ? limited : null,
      severity: chosen.severity,
      warnings: [...chosen.warnings, ...warningsOfRunbook(rule)],
    },
  ];
}

function withoutPlace(written: PlacedRule): Rule {
  const { kind, expr, labels } = written;
  if (kind === 'record') return { kind, record: written.record, expr, labels };
  const { alert, forMs, keepFiringForMs, annotations } = written;
  return { kind, alert, expr, forMs, keepFiringForMs, labels, annotations };
}

/** The clusters that a diagnosis' rule is for, where settings leave some out. */
function placesOf(limited: Limited | null, { settings }: Given): Pick<PlannedAlert, 'clusters'> {
  const { where } = limited?.diagnosis.rule ?? {};
  if (where === undefined) return {};
  const matching = settings.clusters.filter((cluster) => where(factsOf(settings, cluster)));
  return matching.length === settings.clusters.length ? {} : { clusters: matching.map(({ name }) => name) };
}

function warningsOfName(alert: string, id: string): readonly Warning[] {
  if (id.startsWith(alert)) return [];
  return [{ code: 'name', message: `alarms' names, their tag rule and nats_rule call it ${id}` }];
}

function warningsOfRunbook({ annotations }: AlertRule): readonly Warning[] {
  const address = annotations['runbook_url'] ?? '';
  const { length } = address;
  if (length > 0 && !isAddress(address) && !address.startsWith('{{')) {
    const message = `runbook_url "${cut(address, 60)}" is no address, and opens nowhere that a page is read: write https://..., or set alarms.readme, which alarms link to where a rule has no runbook`;
    return [{ code: 'runbook', message }];
  }
  if (length <= longestRunbook) return [];
  const message = `runbook_url has ${length} characters; a description has room for ${longestRunbook}, so it is left out`;
  return [{ code: 'description', message }];
}
