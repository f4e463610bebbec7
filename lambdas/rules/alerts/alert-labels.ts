import { metricName, without, withoutName, type Labels } from '../../promql/index.ts';
import type { AlertRule } from '../rule.ts';
import { expand } from '../template/template.ts';

/**
 * What tells the alerts of a rule from each other: their labels in Prometheus without those that are the same for all.
 * The rule's labels replace the element's, so that a template in one makes another alert of every text it gives.
 */
export function identityOf({ labels: own }: AlertRule): (labels: Labels, value: number) => Labels {
  const replaced = ['alertname', ...Object.keys(own)];
  const templates = Object.entries(own).filter(([, text]) => text.includes('{{'));
  return (labels, value) => {
    const kept = hasAny(labels, replaced) ? without(labels, [metricName, ...replaced]) : withoutName(labels);
    if (templates.length === 0) return kept;
    const made = templates.map(([name, text]) => [name, expand(text, { labels, value }).text] as const);
    return { ...kept, ...Object.fromEntries(made.filter(([, text]) => text !== '')) };
  };
}

function hasAny(labels: Labels, names: readonly string[]): boolean {
  for (const name of names) if (labels[name] !== undefined) return true;
  return false;
}
