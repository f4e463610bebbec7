import type { Look } from '../../kit.ts';
import { hub } from './servers.ts';

/** Two hubs with a leafnode each, and the same once the second is gone. */
export const both = [
  hub('hub1', { leafs: [{ name: 'leaf1' }] }),
  hub('hub2', { leafs: [{ name: 'leaf2' }] }),
];
export const withoutSecond = [hub('hub1', { leafs: [{ name: 'leaf1' }] }), hub('hub2')];
export const reported = (look: Look) =>
  look.findings.map(({ severity, entity, summary }) => `${severity} ${entity.name}: ${summary}`);
