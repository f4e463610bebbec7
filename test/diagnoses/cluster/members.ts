import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { server, varz } from '../../kit.ts';

/** A server of cluster `east` whose routes lead to so many others. */
export const member = (name: string, remotes: number, changes: Partial<Varz> = {}) =>
  server(name, {
    varz: varz({
      server_id: `ID-${name}`,
      server_name: name,
      remotes,
      cluster: { name: 'east', cluster_port: 6_222 },
      ...changes,
    }),
  });

/** A server without cluster listener, called as 2.10 calls one that has leafnodes or gateways. */
export const unclustered = (name: string, cluster: string | undefined = name) =>
  member(name, 0, { cluster: { name: cluster } });
