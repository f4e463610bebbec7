import { nearest } from '../../../lambdas/engine/nearest.ts';
import type { PlacedRule } from '../../rules/rule-file/rule-file.ts';
import type { Arguments } from '../arguments.ts';
import { engineLines } from '../explanation/explain-engine.ts';
import { readsLines, ruleLines, warningLines } from '../explanation/explain-rule.ts';
import { toStdout, type Output } from '../output.ts';
import { ToolError } from '../tool-error.ts';
import { translationsOf } from '../translations.ts';

/**
 * The alerts of a name: as written, what is read and published of them, their alarms, and what differs from Prometheus.
 * @throws ToolError if the file is none that promtool would take, or has no such alert
 */
export function explainCommand(given: Arguments): Output {
  const { read, problems, byEngine, manner } = translationsOf(given);
  if (problems.length > 0) throw new ToolError(problems.join('\n'));
  const rules = read.flatMap(({ file, groups }) =>
    groups.flatMap((group) => group.rules.map((rule) => ({ file, group: group.name, rule }))),
  );
  const found = rules.filter(({ rule }) => rule.kind === 'alert' && rule.alert === given.alert);
  if (found.length === 0)
    throw new ToolError(
      noSuchAlert(
        given,
        rules.map(({ rule }) => rule),
      ),
    );
  const lines = found.flatMap((place) => {
    const { rule } = place;
    const forms = byEngine.flatMap((translated) =>
      translated.rules
        .filter(({ kind, line, alert }) => kind === 'alert' && line === rule.at.line && alert === given.alert)
        .map((form) => ({ form, translated })),
    );
    return [
      ...ruleLines(place),
      ...readsLines(forms.map(({ form }) => form)),
      ...forms.flatMap(({ form, translated }) => engineLines(form, translated.plan, manner.settings)),
      ...warningLines(forms.map(({ form }) => form)),
    ];
  });
  return { lines: toStdout(lines), code: 0 };
}

function noSuchAlert({ files: [file = ''], alert }: Arguments, rules: readonly PlacedRule[]): string {
  const names = [...new Set(rules.flatMap((rule) => (rule.kind === 'alert' ? [rule.alert] : [])))];
  const near = nearest(alert ?? '', names);
  const hint = near === null ? `there are ${names.join(', ') || 'none'}` : `did you mean "${near}"?`;
  return `${file}: no alert "${alert ?? ''}"; ${hint}`;
}
