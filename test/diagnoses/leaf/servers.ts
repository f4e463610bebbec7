import type { ClosedConnection, ClosedSince } from '../../../lambdas/define.ts';
import type { LeafzRow } from '../../../lambdas/readings/decoders/leafz.ts';
import { closed, leafz, server, varz } from '../../kit.ts';

type Given = {
  readonly leafs?: readonly Partial<LeafzRow>[];
  /** Leafnode connections closed since the last look. */
  readonly ended?: readonly Partial<ClosedConnection>[];
  readonly ring?: Partial<ClosedSince>;
  readonly version?: string;
};
type LeafVarz = ReturnType<typeof varz>['leaf'];

const read = (
  name: string,
  leaf: LeafVarz,
  { leafs = [], ended = [], ring = {}, version = '2.15.1' }: Given,
) =>
  server(name, {
    varz: varz({ server_name: name, version, leafnodes: leafs.length, leaf }),
    leafz: leafz(...leafs),
    closed: closed(
      ended.map((row) => ({ kind: 'Leafnode', type: undefined, ...row })),
      ring,
    ),
  });

/** A server that listens for leafnodes. */
export const hub = (name: string, given: Given = {}) =>
  read(name, { host: '0.0.0.0', port: 7_422, remotes: [] }, given);

type Remotes = LeafVarz['remotes'];

/** A server with remotes; `listens` for leafnodes of its own as well. */
export const leafServer = (
  name: string,
  remotes: Remotes,
  { listens = false, ...given }: Given & { readonly listens?: boolean } = {},
) => read(name, { port: listens ? 7_422 : 0, remotes }, given);

/** The row of a connection that the server dialled. */
export const spoke = (changes: Partial<LeafzRow> = {}): Partial<LeafzRow> => ({
  name: 'hub1',
  is_spoke: true,
  ip: '10.0.0.1',
  port: 7_422,
  ...changes,
});

/** Without what nats-server shows of a leafnode only from 2.9.15 on. */
export const unnamed = (changes: Partial<LeafzRow> = {}): Partial<LeafzRow> => ({
  id: undefined,
  name: undefined,
  is_spoke: undefined,
  compression: undefined,
  ...changes,
});
