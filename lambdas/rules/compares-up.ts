import { unwrap } from '../promql/index.ts';
import type { CompiledAlert } from './compile.ts';
import { nameOf } from './identity.ts';

/** Whether an alert is that `up` is too low: that servers are down. */
export function comparesUp({ shape }: Pick<CompiledAlert, 'shape'>): boolean {
  if (shape.kind === 'boolean') return false;
  const compared = shape.kind === 'plain' ? shape.selector : unwrap(shape.compared);
  const isUp = compared.kind === 'selector' && nameOf(compared) === 'up';
  return isUp && (shape.direction === 'below' || shape.direction === 'atMost');
}
