// What the owner of a stream or consumer wants to be told, in its metadata: jsm.go's convention (monitor/stream.go,
// monitor/consumer.go), read as `nats server check stream` and `consumer` read it. 0 and less switch a level off.
import type { Levels, Limit } from '../../define.ts';

const prefix = 'io.nats.monitor.';

type Metadata = Readonly<Record<string, unknown>>;

/** As Go's strconv.Atoi. */
const parseCount = (text: string): number | null => (/^[-+]?\d{1,18}$/.test(text) ? Number(text) : null);

/** As Go's strconv.ParseBool. */
export function parseSwitch(text: string): boolean | null {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(0|f|F|FALSE|false|False)$/.test(text) ? false : null;
}

const secondsOf: Readonly<Record<string, number>> = {
  ...{ ns: 1e-9, us: 1e-6, '\u00b5s': 1e-6, ms: 1e-3, s: 1, m: 60, h: 3_600 },
  ...{ d: 86_400, D: 86_400, w: 604_800, W: 604_800, M: 2_592_000, y: 31_536_000, Y: 31_536_000 },
};
const part = /(\d+(?:\.\d+)?|\.\d+)([a-zA-Z\u00b5]+)/y;

/** As jsm.go's ParseDuration: Go's durations with d, w, M and y, in seconds. */
function parseSeconds(text: string): number | null {
  const [, sign, rest = ''] = /^([-+]?)(.*)$/s.exec(text.trim()) ?? [];
  if (rest === '0') return 0;
  let seconds = 0;
  let at = 0;
  while (at < rest.length) {
    part.lastIndex = at;
    const [whole, amount, unit = ''] = part.exec(rest) ?? [];
    const factor = secondsOf[unit];
    if (whole === undefined || factor === undefined) return null;
    seconds += Number(amount) * factor;
    at += whole.length;
  }
  return at === 0 ? null : sign === '-' ? -seconds : seconds;
}

const parsers = { count: parseCount, seconds: parseSeconds, switch: parseSwitch } as const;

const keys = {
  enabled: 'switch',
  'lag-critical': 'count',
  'seen-critical': 'seconds',
  'min-sources': 'count',
  'max-sources': 'count',
  'peer-expect': 'count',
  'peer-lag-critical': 'count',
  'peer-seen-critical': 'seconds',
  'msgs-warn': 'count',
  'msgs-critical': 'count',
  'subjects-warn': 'count',
  'subjects-critical': 'count',
  'outstanding-ack-critical': 'count',
  'waiting-critical': 'count',
  'unprocessed-critical': 'count',
  'last-delivery-critical': 'seconds',
  'last-ack-critical': 'seconds',
  'redelivery-critical': 'count',
  pinned: 'switch',
} as const satisfies Readonly<Record<string, keyof typeof parsers>>;
type Key = keyof typeof keys;

const valueOf = (metadata: Metadata, key: Key): unknown => metadata[prefix + key];

function read(metadata: Metadata, key: Key): number | boolean | null {
  const value = valueOf(metadata, key);
  return typeof value === 'string' ? parsers[keys[key]](value) : null;
}

/** False where the owner switched its levels off. */
const isEnabled = (metadata: Metadata): boolean => read(metadata, 'enabled') !== false;

/** The number that the owner set; null for none, for 0 and less, and where it is not to be read. */
export function ownersNumber(metadata: Metadata, key: Key): number | null {
  const value = read(metadata, key);
  return typeof value === 'number' && value > 0 && isEnabled(metadata) ? value : null;
}

/** Whether the owner set a switch. */
export const ownersSwitch = (metadata: Metadata, key: Key): boolean =>
  read(metadata, key) === true && isEnabled(metadata);

/** The levels that the owner set for a limit; undefined where it set none, so that settings' hold. */
export function ownersLevels({ owner = {} }: Pick<Limit, 'owner'>, metadata: Metadata): Levels | undefined {
  const set = Object.entries(owner).flatMap(([severity, key]) => {
    const level = ownersNumber(metadata, key as Key);
    return level === null ? [] : [[severity, level] as const];
  });
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

/** Whether anything in it is of the convention. */
export function concernsLevels(metadata: Metadata): boolean {
  for (const key in metadata) if (key.startsWith(prefix)) return true;
  return false;
}

/** `io.nats.monitor.lag-critical: many`, for each key of the convention whose value is none, and for keys that are not of it. */
export const unreadable = (metadata: Metadata): readonly string[] =>
  Object.entries(metadata).flatMap(([key, value]) => {
    if (!key.startsWith(prefix)) return [];
    const own = key.slice(prefix.length);
    const isRead = Object.hasOwn(keys, own) && read(metadata, own as Key) !== null;
    return isRead ? [] : [`${key}: ${String(value)}`];
  });

/** What the key is called in a text. */
export const metadataKey = (key: string): string => prefix + key;
