/** A series' labels, `__name__` among them. Absent and empty mean the same: empty ones are left out. */
export type Labels = Readonly<Record<string, string>>;

export const metricName = '__name__';

// The same series come run after run and rule after rule: what is derived from their labels is made once.
const keys = new WeakMap<Labels, string>();
const nameless = new WeakMap<Labels, Labels>();

/** Equal for equal labels. */
export function keyOf(labels: Labels): string {
  let key = keys.get(labels);
  if (key === undefined) {
    key = '';
    for (const label of Object.keys(labels).sort()) key += `${label}\0${labels[label] ?? ''}\0`;
    keys.set(labels, key);
  }
  return key;
}

export function withoutName(labels: Labels): Labels {
  if (labels[metricName] === undefined) return labels;
  let found = nameless.get(labels);
  if (found === undefined) {
    found = without(labels, [metricName]);
    nameless.set(labels, found);
  }
  return found;
}

export function without(labels: Labels, dropped: readonly string[]): Labels {
  const kept: Record<string, string> = {};
  for (const label in labels) {
    const value = labels[label];
    if (value !== undefined && !dropped.includes(label)) kept[label] = value;
  }
  return kept;
}

export function only(labels: Labels, wanted: readonly string[]): Labels {
  const kept: Record<string, string> = {};
  for (const label of wanted) {
    const value = labels[label];
    if (value !== undefined && value !== '') kept[label] = value;
  }
  return kept;
}

/** The labels with one more; an empty value takes the label away. */
export function withLabel(labels: Labels, label: string, value: string): Labels {
  return value === '' ? without(labels, [label]) : { ...labels, [label]: value };
}

/** Equal for labels that agree in the listed ones. */
export function valuesKey(labels: Labels, listed: readonly string[]): string {
  let key = '';
  for (const label of listed) key += `${labels[label] ?? ''}\0`;
  return key;
}
