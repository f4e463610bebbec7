import {
  defineDiagnosis,
  from,
  measured,
  minutes,
  nothing,
  type Brief,
  type Diagnosis,
  type Limit,
} from '../../define.ts';
import { formatValue, plural } from '../../engine/format.ts';
import type { Assets } from '../../readings/endpoints.ts';
import type { ConsumerRow, Group, StreamRow } from '../../readings/decoders/assets.ts';
import {
  assetsOf,
  jetStreamIsOff,
  type ClusterAssets,
  type Consumer,
  type Held,
  type Replicated,
  type Stream,
} from './assets.ts';
import { withOwnersWords } from './owned.ts';
import { metadataKey, ownersLevels } from './owner-levels.ts';
import { consumerCommands, placement, streamCommands } from './words.ts';

/** A value that an owner's level is compared with. */
export type Owned<LimitName extends string> = {
  readonly limit: LimitName;
  readonly value: number;
  /** What is so, when it is to be told: `holds 1,200 messages`. */
  readonly is: () => string;
};

type Texts<L extends Record<string, Limit>> = {
  readonly id: string;
  readonly title: string;
  readonly brief: Brief;
  /** Without levels of their own: an owner sets them in metadata, or settings do for what a pattern means. */
  readonly limits: L;
  readonly why: string;
  readonly remedy: string;
};

type Kind<Asset, Row> = {
  readonly reading: 'streams' | 'consumers';
  readonly word: string;
  readonly count: (assets: ClusterAssets) => number;
  readonly all: (assets: ClusterAssets) => readonly Asset[];
  readonly owned: (assets: ClusterAssets) => readonly Asset[];
  readonly commands: (asset: Asset) => { readonly nats: string; readonly curl: string };
  readonly metadata: (row: Row) => Readonly<Record<string, string>>;
};

const ofStreams: Kind<Stream, StreamRow> = {
  reading: 'streams',
  word: 'stream',
  count: ({ streams }) => streams.length,
  all: ({ streams }) => streams,
  owned: (assets) => withOwnersWords(assets).streams,
  commands: streamCommands,
  metadata: ({ config }) => config.metadata,
};
const ofConsumers: Kind<Consumer, ConsumerRow> = {
  reading: 'consumers',
  word: 'consumer',
  count: ({ consumers }) => consumers.count,
  all: ({ consumers }) => consumers.all(),
  owned: (assets) => withOwnersWords(assets).consumers,
  commands: consumerCommands,
  metadata: ({ config }) => config.metadata,
};

/** The reading that the kind asks for. */
type ReadOf = { readonly [E in 'streams' | 'consumers']: Assets };

/** A diagnosis whose levels owners set in metadata: what the leader's row says is compared with them. */
const ownerDiagnosis =
  <Row extends { readonly group: Group }, Asset extends Replicated<Row> & (Stream | Consumer)>(
    kind: Kind<Asset, Row>,
  ) =>
  <const L extends Record<string, Limit>>(
    { limits, ...texts }: Texts<L>,
    measure: (leader: Held<Row>, asset: Asset, at: number) => readonly Owned<keyof L & string>[],
  ): Diagnosis =>
    defineDiagnosis({
      ...texts,
      scope: 'cluster',
      reads: kind.reading === 'streams' ? { streams: from() } : { consumers: from() },
      history: {},
      limits,
      for: minutes(1),
      evaluate({ servers }, { cluster, at, limits: ofAll, hasAssetLimits }) {
        const assets = assetsOf(servers, (server) => (server as ReadOf)[kind.reading], cluster);
        if (assets.servers.length === 0) return jetStreamIsOff;
        const count = plural(kind.count(assets), kind.word);
        const isSet =
          hasAssetLimits || Object.values<Limit>(ofAll).some(({ levels }) => Object.keys(levels).length > 0);
        const owned = (isSet ? kind.all(assets) : kind.owned(assets)).flatMap((asset) => {
          const { leader, entity } = asset;
          if (leader === null) return [];
          return measure(leader, asset, at).flatMap(({ limit, value, is }) => {
            const levels = ownersLevels(limits[limit] as Limit, kind.metadata(leader.row));
            if (levels === undefined && !isSet) return [];
            return [{ limit, entity, value, levels, data: { asset, is, isOwners: levels !== undefined } }];
          });
        });
        const set = owned.filter(({ data }) => data.isOwners).length;
        if (owned.length === 0) return nothing(count);
        return measured(`${count}, ${plural(set, 'level')} set by owners`, owned);
      },
      describe({ entity, limit, level, severity, data: { asset, is, isOwners } }) {
        const { unit, owner = {} } = limits[limit] as Limit;
        const allowed = isOwners
          ? `its metadata ${metadataKey(owner[severity] ?? '')} allows`
          : 'settings allow';
        const subject = `${kind.word[0]?.toUpperCase() ?? ''}${kind.word.slice(1)}`;
        return {
          summary: `${subject} ${entity.name} ${is()}; ${allowed} ${formatValue(level, unit)}.`,
          evidence: [placement(asset)],
          commands: kind.commands(asset),
        };
      },
    });

/** Of streams, by `/jsz?streams=true`. */
export const streamOwnerDiagnosis = ownerDiagnosis(ofStreams);
/** Of consumers, by `/jsz?consumers=true`. */
export const consumerOwnerDiagnosis = ownerDiagnosis(ofConsumers);
