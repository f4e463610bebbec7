/** A series' labels, `__name__` among them. Absent and empty mean the same: empty ones are left out. */
export type Labels = Readonly<Record<string, string>>;

export const metricName = '__name__';

// The same series come rule after rule: what is derived from their labels is made once.
type Derived = { readonly nameless: Labels; key: string | undefined };

class Itself {
  constructor(object: object) {
    return object;
  }
}
class Known extends Itself {
  #derived: Derived;
  constructor(labels: Labels, derived: Derived) {
    super(labels);
    this.#derived = derived;
  }
  static of(labels: object): Derived | undefined {
    return #derived in labels ? (labels as Known).#derived : undefined;
  }
}

function derivedOf(labels: Labels): Derived {
  let found = Known.of(labels);
  if (found === undefined) {
    found = { nameless: metricName in labels ? without(labels, [metricName]) : labels, key: undefined };
    new Known(labels, found);
  }
  return found;
}

/** These labels with a name. `withoutName` gives back the very same. */
export function withName(labels: Labels, name: string): Labels {
  const named = { ...labels, [metricName]: name };
  new Known(named, { nameless: labels, key: undefined });
  return named;
}

export const withoutName = (labels: Labels): Labels => derivedOf(labels).nameless;

/** Equal for equal labels. */
export function keyOf(labels: Labels): string {
  const name = labels[metricName];
  return name === undefined ? namelessKey(labels) : `${namelessKey(labels)}${metricName}\0${name}\0`;
}

/** Equal for labels that are equal but for the name. */
export function namelessKey(labels: Labels): string {
  const known = derivedOf(labels);
  known.key ??= known.nameless === labels ? written(labels) : namelessKey(known.nameless);
  return known.key;
}

function written(labels: Labels): string {
  let key = '';
  for (const label of Object.keys(labels).sort()) key += `${label}\0${labels[label] ?? ''}\0`;
  return key;
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
