import { minutes } from '../durations.ts';
import {
  areNamedAlike,
  inOrder,
  streamKey,
  type Assets,
  type ConsumerConfig,
  type Consumers,
  type StreamConfig,
  type StreamRow,
  type ToldBefore,
} from './decoders/assets.ts';

/**
 * Configurations of streams and consumers as they were told last. They change seldom, and take a server three times as
 * long to tell as all else of its consumers.
 */
export type LearnedConfigs = {
  /** When all servers told all of theirs last, by the run's time, epoch ms; null where they are to tell it again. */
  readonly toldAt: number | null;
  /** Each once. */
  readonly configs: readonly (StreamConfig | ConsumerConfig)[];
  /** Places in `configs` by `streamKey`: of a stream, then of its consumers in order. */
  readonly ofStreams: Readonly<Record<string, readonly number[]>>;
};

export const noConfigs: LearnedConfigs = { toldAt: null, configs: [], ofStreams: {} };

/** A configuration that was changed is known after so long at the latest. */
const renewedEach = minutes(15);
/** While something is found: who changes a configuration for it waits no longer to see that it helped. */
const renewedWhereFound = minutes(3);
export type Configured = 'streams' | 'consumers';

/** What was told before; null where all of it is to be told again. */
export function toldBefore(
  { toldAt, configs, ofStreams }: LearnedConfigs,
  { at, isFound }: { readonly at: number; readonly isFound: boolean },
): ToldBefore | null {
  const lasts = isFound ? renewedWhereFound : renewedEach;
  if (toldAt === null || at < toldAt || at - toldAt >= lasts) return null;
  return (key) => {
    const places = Object.hasOwn(ofStreams, key) ? (ofStreams[key] ?? []) : [];
    const [stream, ...consumers] = places.map((place) => configs[place]);
    return stream === undefined || consumers.includes(undefined)
      ? null
      : { stream: stream as StreamConfig, consumers: consumers as readonly ConsumerConfig[] };
  };
}

/** What one server showed in a run. */
export type Shown = {
  readonly assets: Assets;
  /** `untold`: without configurations at first, some of which nobody had told. */
  readonly configs: 'remembered' | 'told' | 'untold';
};

/** Whether two servers show the same stream with the same consumers, in one order. */
const isMadeAlike = (one: StreamRow, other: StreamRow): boolean =>
  one.created === other.created &&
  areNamedAlike(one.consumers, other.consumers) &&
  areMadeAlike(one.consumers, other.consumers);

function areMadeAlike(one: Consumers, other: Consumers): boolean {
  const [created, others] = [one.columns.created, other.columns.created];
  for (let i = 0; i < one.count; i += 1) if (created[one.from + i] !== others[other.from + i]) return false;
  return true;
}

type Fields = Readonly<Record<string, unknown>>;

/** Whether two configurations, or parts of them, say the same: as texts would tell, which take several times as long to make. */
function areSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => areSame((one as Fields)[key], (other as Fields)[key]))
  );
}

/**
 * What is known after a run. All is told in the next run too where a server had something new, as it may go on so, and where
 * two tell of the same in two ways, as each is to be judged by its own.
 */
export function learnedOf(before: LearnedConfigs, shown: readonly Shown[], at: number): LearnedConfigs {
  if (shown.every(({ configs }) => configs === 'remembered')) return before;
  const configs: (StreamConfig | ConsumerConfig)[] = [];
  const places = new Map<string, number>();
  const known = new Map<object, number>();
  const placeOf = (config: StreamConfig | ConsumerConfig): number => {
    const same = known.get(config);
    if (same !== undefined) return same;
    const text = JSON.stringify(config);
    const place = places.get(text) ?? configs.push(config) - 1;
    places.set(text, place);
    known.set(config, place);
    return place;
  };
  const ofStreams: Record<string, readonly number[]> = {};
  const told = new Map<string, StreamRow>();
  let isAgreed = true;
  // Most consumers of a reply share one.
  let alike: readonly [one: ConsumerConfig | undefined, other: ConsumerConfig | undefined] = [
    undefined,
    undefined,
  ];
  const areAlike = (one: ConsumerConfig | undefined, other: ConsumerConfig | undefined): boolean => {
    if (one === alike[0] && other === alike[1]) return true;
    if (!areSame(one, other)) return false;
    alike = [one, other];
    return true;
  };
  const areConfiguredAlike = (one: Consumers, other: Consumers): boolean => {
    const [own, others] = [one.columns.config, other.columns.config];
    for (let i = 0; i < one.count; i += 1)
      if (!areAlike(own[one.from + i], others[other.from + i])) return false;
    return true;
  };
  const isToldAlike = (one: StreamRow, other: StreamRow): boolean =>
    isMadeAlike(one, other) &&
    areSame(one.config, other.config) &&
    areConfiguredAlike(one.consumers, other.consumers);
  for (const { assets } of shown) {
    for (const stream of assets.streams) {
      const name = `${stream.account} ${stream.name}`;
      const before = told.get(name);
      if (before !== undefined && isToldAlike(before, stream)) continue;
      told.set(name, stream);
      const { consumers } = stream;
      const ordered = inOrder(consumers);
      const key = streamKey(stream.account, stream, consumers, ordered);
      const own = [placeOf(stream.config)];
      for (const place of ordered) {
        const config = consumers.columns.config[place];
        if (config !== undefined) own.push(placeOf(config));
      }
      const others = Object.hasOwn(ofStreams, key) ? (ofStreams[key] ?? own) : own;
      if (own.some((place, i) => place !== others[i])) isAgreed = false;
      ofStreams[key] = own;
    }
  }
  const isChanging = shown.some((each) => each.configs === 'untold');
  return { toldAt: isChanging || !isAgreed ? null : at, configs, ofStreams };
}

/** As memory has it; none where it is of another shape: all is told again then. */
export function savedConfigs(value: unknown): LearnedConfigs {
  const { toldAt, configs, ofStreams } = (value ?? {}) as { readonly [K in keyof LearnedConfigs]?: unknown };
  const isOne = typeof toldAt === 'number' && typeof ofStreams === 'object' && ofStreams !== null;
  return isOne && Array.isArray(configs) && Object.values(ofStreams).every(Array.isArray)
    ? (value as LearnedConfigs)
    : noConfigs;
}
