import type { ClosedConnection } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-104-reconnect-loop.ts';
import { firstMinute, watching } from '../../kit.ts';
import { hub } from './servers.ts';

export type Row = Partial<ClosedConnection>;
export const leaf1: Row = { name: 'leaf1', account: 'APP', version: '2.15.1', ip: '10.0.9.1', port: 51_000 };
export const nameless: Row = { ip: '10.0.9.1', port: 51_000 };

/** Connections that last `life` seconds and come again `gap` seconds later, the last one closed at `end`. */
export const repeated = (count: number, row: Row, { life = 2, gap = 0.1, end = firstMinute } = {}): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    ...row,
    lifetimeSeconds: life,
    stoppedAt: end - (life + gap) * 1_000 * i,
  }));
export const closing = (...rows: readonly Row[]) => watching(diagnosis).look([hub('hub1', { ended: rows })]);
export const summary = (rows: readonly Row[]) => closing(...rows).findings[0]?.summary;
