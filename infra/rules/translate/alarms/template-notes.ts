import { notExpanded } from '../../../../lambdas/rules/template/not-expanded.ts';
import type { AlertRule } from '../../../../lambdas/rules/rule.ts';
import type { Warning } from '../../warning.ts';

/** What of an alert's templates is not filled in, and what stands there instead. */
export function templateWarnings({ labels, annotations }: AlertRule): readonly Warning[] {
  return [
    ...Object.entries(labels).flatMap(([name, text]) => notesOn(`the label ${name}`, text, 'tags')),
    ...Object.entries(annotations).flatMap(([name, text]) => notesOn(name, text, 'descriptions')),
  ].map((message) => ({ code: 'template', message }));
}

function notesOn(name: string, text: string, alarms: string): readonly string[] {
  return notExpanded(text).map(({ source, reason, shown, worded }) => {
    const inFindings = shown === '' ? 'it is empty in findings' : 'findings show it as it is written';
    const inAlarms = worded === '' ? `alarms' ${alarms} leave it out` : `alarms' ${alarms} say "${worded}"`;
    return `${name}: ${source} is not filled in: ${reason}; ${inFindings}, ${inAlarms}`;
  });
}
