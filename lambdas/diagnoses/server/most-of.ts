import { known } from '../../define.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Varz } from '../../readings/endpoints.ts';

/** The largest figure of the servers that answered; null where none shows one that can be. */
export function mostOf(
  servers: readonly { readonly varz: Reading<Varz> }[],
  figure: (varz: Varz) => number | null,
): number | null {
  const figures = servers.flatMap(({ varz }) => (varz.ok ? (known(() => figure(varz.value)) ?? []) : []));
  return figures.length === 0 ? null : Math.max(...figures);
}
