import { minutes, type Duration } from '../../../lambdas/define.ts';
import { failing, server, varz, watching, type Look } from '../../kit.ts';
import { crowded } from '../samples.ts';

export const holding = (connections: number, name = 'n1') => server(name, { varz: varz({ connections }) });
export const unreadable = server('n1', { varz: failing() });

export const reported = ({ notices }: Look) => notices.map(({ kind, severity }) => `${kind} ${severity}`);
export const severities = ({ findings }: Look) => findings.map(({ severity }) => severity);

/** What runs a minute apart report; null is a server that cannot be read. */
export function reportsOf(
  values: readonly (number | null)[],
  options: Parameters<typeof watching>[1] & { for?: Duration } = {},
) {
  const watch = watching(crowded({ for: options.for ?? minutes(0) }), { remembers: true, ...options });
  return values.map((value) => reported(watch.look([value === null ? unreadable : holding(value)])).join());
}
