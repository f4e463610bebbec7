import {
  atLeast,
  defineDiagnosis,
  fromEach,
  measured,
  minutes,
  nothing,
  type Diagnosis,
} from '../../define.ts';
import { plural } from '../../engine/format.ts';
import type { Assets } from '../../readings/endpoints.ts';
import { assetsOf, jetStreamIsOff, type ClusterAssets, type Consumer, type Stream } from './assets.ts';
import { withOwnersWords } from './owned.ts';
import { unreadable } from './owner-levels.ts';
import { consumerCommands, placement, streamCommands } from './words.ts';

type Kind<Asset> = {
  readonly id: string;
  readonly word: 'stream' | 'consumer';
  readonly count: (assets: ClusterAssets) => number;
  readonly owned: (assets: ClusterAssets) => readonly Asset[];
  readonly commands: (asset: Asset) => { readonly nats: string; readonly curl: string };
};

/** The reading that has the kind's metadata. */
type ReadOf = { readonly [E in 'streams' | 'consumers']: Assets };

/** Owners' levels that cannot be read, of streams or of consumers. */
const unreadableOf = <Asset extends Stream | Consumer>({
  id,
  word,
  count,
  owned,
  commands,
}: Kind<Asset>): Diagnosis =>
  defineDiagnosis({
    id,
    title: `Level in the metadata of a ${word} that is none`,
    brief: ["owners' levels", 'unreadable'],
    scope: 'cluster',
    reads: word === 'stream' ? { streams: fromEach('2.10.0') } : { consumers: fromEach('2.10.0') },
    history: {},
    limits: {
      unreadable: atLeast(
        { warning: 1 },
        { unit: 'count', of: 'entries of `io.nats.monitor.` that are none' },
      ),
    },
    for: minutes(1),
    why: 'Its owner believes to be told, and is not: the value is no number or duration, or the key is not of the convention.',
    remedy: `Correct the metadata (\`nats ${word} edit --metadata\`). Numbers are whole, durations such as 30s, 5m or 1d.`,
    evaluate({ servers }, { cluster }) {
      const assets = assetsOf(servers, (server) => (server as ReadOf)[`${word}s`], cluster);
      if (assets.servers.length === 0) return jetStreamIsOff;
      const wrong = owned(assets).flatMap((asset) => {
        const entries = unreadable(asset.leader?.row.config.metadata ?? {});
        if (entries.length === 0) return [];
        return [
          {
            limit: 'unreadable' as const,
            entity: asset.entity,
            value: entries.length,
            data: { asset, entries },
          },
        ];
      });
      if (wrong.length === 0) return nothing(plural(count(assets), word));
      return measured(`${plural(wrong.length, word)} with such metadata`, wrong);
    },
    describe: ({ entity, value, data: { asset, entries } }) => ({
      summary:
        `${word === 'stream' ? 'Stream' : 'Consumer'} ${entity.name} has ${plural(value, 'entry', 'entries')} of io.nats.monitor ` +
        'in its metadata that cannot be used.',
      evidence: [...entries, placement(asset)],
      commands: commands(asset),
    }),
  });

export const unreadableOfStreams = unreadableOf<Stream>({
  id: 'JETSTREAM_121',
  word: 'stream',
  count: ({ streams }) => streams.length,
  owned: (assets) => withOwnersWords(assets).streams,
  commands: streamCommands,
});

export const unreadableOfConsumers = unreadableOf<Consumer>({
  id: 'CONSUMER_121',
  word: 'consumer',
  count: ({ consumers }) => consumers.count,
  owned: (assets) => withOwnersWords(assets).consumers,
  commands: consumerCommands,
});
