export type Labels = Readonly<Record<string, string>>;

/** What settings give every series of a target: `server_id`, and what Prometheus adds, as `job` and `instance`. */
export type TargetLabels = Labels & { readonly server_id: string };

/**
 * A sample's labels: the target's and the row's own, without empty ones, which Prometheus takes for none. A row's label
 * that the target has too becomes `exported_…`, as Prometheus has it unless told `honor_labels`.
 */
export function sampleLabels(target: TargetLabels, own: Readonly<Record<string, string>>): Labels {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(target)) {
    if (value !== '') labels[name] = value;
  }
  const isTaken = (name: string) => name in labels || name in own;
  for (const [name, value] of Object.entries(own)) {
    if (value === '') continue;
    let free = name;
    if (name in target && target[name] !== '') {
      do free = `exported_${free}`;
      while (isTaken(free));
    }
    labels[free] = value;
  }
  return labels;
}
