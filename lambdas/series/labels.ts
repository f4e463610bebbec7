export type Labels = Readonly<Record<string, string>>;

/** What settings give every series of a target: `server_id`, and what Prometheus adds, as `job` and `instance`. */
export type TargetLabels = Labels & { readonly server_id: string };

/**
 * Makes a sample's labels: the target's and the row's own, without empty ones, which Prometheus takes for none. A row's
 * label that the target has too becomes `exported_…`, as Prometheus has it unless told `honor_labels`.
 */
export function labeller(target: TargetLabels): (own: Labels) => Labels {
  const base = Object.fromEntries(Object.entries(target).filter(([, value]) => value !== ''));
  return (own) => {
    const labels = { ...base };
    for (const name in own) {
      const value = own[name];
      if (value !== undefined && value !== '')
        labels[name in base ? exported(name, base, own) : name] = value;
    }
    return labels;
  };
}

function exported(name: string, base: Labels, own: Labels): string {
  let free = name;
  do free = `exported_${free}`;
  while (free in base || free in own);
  return free;
}
