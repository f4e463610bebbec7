/** What only another program fills in, in an expression or a text. */
export type FilledIn = { readonly by: 'Grafana' | 'Helm'; readonly source: string };

const grafana = /\$\{\w+(?:[:.]\w+)*\}|\$[A-Za-z_]\w*|\[\[\w+(?::\w+)?\]\]/;
const helm =
  /\{\{-?\s*(?:\.(?:Values|Release|Chart|Files|Capabilities|Template)\b[^}]*\}\}|(?:include|tpl|required|toYaml)\b[^}]*\}\}|"\{\{-?"\s*-?\}\}|`[^`]*`\s*-?\}\})/;

/** What Helm would have filled in before Prometheus reads the text. */
export function filledByHelm(text: string): FilledIn | null {
  const [source] = helm.exec(text) ?? [];
  return source === undefined ? null : { by: 'Helm', source };
}

/** What Grafana fills in where a dashboard's query is copied from. */
export function filledByGrafana(text: string): FilledIn | null {
  const [source] = grafana.exec(text) ?? [];
  return source === undefined ? null : { by: 'Grafana', source };
}

/** Where a file shows that it is a template of Helm's, outside of what may be Prometheus' own; null if it does not. */
export function helmAt(text: string): number | null {
  const lines = /^[ \t]*\{\{/m.exec(text);
  const found = [lines?.index, helm.exec(text)?.index].filter((each) => each !== undefined);
  return found.length === 0 ? null : Math.min(...found);
}
