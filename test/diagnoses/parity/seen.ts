import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import type { Assets, ConsumerRow, StreamRow } from '../../../lambdas/readings/decoders/assets.ts';
import type { Healthz } from '../../../lambdas/readings/decoders/healthz.ts';
import type { Jsz } from '../../../lambdas/readings/decoders/jsz.ts';
import { rowsOf } from '../../jetstream-kit.ts';

/** What one server answered, as another tool sees it. */
export type SeenServer = {
  readonly name: string;
  readonly jsz: Jsz;
  readonly healthz: Healthz;
  readonly assets: Assets;
};

/** The servers that answered. */
export type Seen = { readonly at: number; readonly servers: readonly SeenServer[] };

export function seenOf(at: number, readings: readonly TargetReadings[]): Seen {
  return {
    at,
    servers: readings.flatMap(({ target: { name }, readings: { jsz, healthz, consumers } }) =>
      jsz?.ok && healthz?.ok && consumers?.ok
        ? [{ name, jsz: jsz.value, healthz: healthz.value, assets: consumers.value }]
        : [],
    ),
  };
}

/** A row of a server, and what its stream or consumer is called. */
export type Row<R> = { readonly name: string; readonly server: string; readonly row: R };

export const streamRows = ({ servers }: Seen): readonly Row<StreamRow>[] =>
  servers.flatMap(({ name: server, assets }) =>
    assets.streams.map((row) => ({ name: `${row.name} (${row.accountName})`, server, row })),
  );

export type ConsumerOf = ConsumerRow & { readonly stream: StreamRow };

export const consumerRows = (seen: Seen): readonly Row<ConsumerOf>[] =>
  streamRows(seen).flatMap(({ server, row: stream }) =>
    rowsOf(stream.consumers).map((row) => ({
      name: `${stream.name} > ${row.name} (${stream.accountName})`,
      server,
      row: { ...row, stream },
    })),
  );

type Grouped = Pick<StreamRow, 'group'>;

/** Rows of the servers that lead: what the client API answers, and Insights collects. */
export const ofLeaders = <R extends Grouped>(rows: readonly Row<R>[]): readonly Row<R>[] =>
  rows.filter(({ server, row: { group } }) => group.isAlone || group.leader === server);

/** Whether so many of a group's replicas are called offline that most are gone. */
export const mostAreOffline = ({ group: { replicas } }: Grouped, of: number): boolean =>
  of > 1 && replicas.filter(({ offline }) => offline).length * 2 > of;
