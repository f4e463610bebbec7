/** What subjects of one shape most likely come from. */
export type ShapeKind =
  /** Reply subjects of clients: one for each connection that makes requests. */
  | 'inbox'
  /** Inboxes without a wildcard: deliver subjects of push consumers, or of single requests. */
  | 'deliver'
  /** JetStream's own deliver subjects: sources and mirrors of streams. */
  | 'replication'
  /** `$SRV`: each instance of a service has nine or more. */
  | 'service'
  /** Other subjects of the server itself. */
  | 'system'
  /** Subjects that differ in a token or two. */
  | 'varying'
  /** One subject again and again: only queue groups of different names do that. */
  | 'repeated'
  | 'single';

export type Shape = {
  readonly kind: ShapeKind;
  /** The subject with `*` for what varies: `orders.*.created`. */
  readonly pattern: string;
  readonly count: number;
  /** Of all subjects looked at. */
  readonly share: number;
  /** Where the varying token stands, from 1, and how many values it has; null unless exactly one varies by name. */
  readonly varies: { readonly token: number; readonly values: number } | null;
};

/** A token that stands for something unique. No subject has it: control characters are refused. */
const any = '\u0000';
const ids = [
  /^\d+$/,
  /^[0-9a-f]{8,}$/i,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^(?=.*\d)[0-9A-Za-z]{20,}$/,
];
/** NATS' own unique ids, as inboxes have them. */
const nuid = /^[0-9A-Za-z]{22}$/;
const isId = (token: string) => nuid.test(token) || ids.some((id) => id.test(token));

const systemPrefixes: readonly (readonly [prefix: string, kind: ShapeKind])[] = [
  ['$SRV.', 'service'],
  ['$JS.S.', 'replication'],
  ['$JS.M.', 'replication'],
  ['$', 'system'],
  // Replies over gateways, and of imported services.
  ['_GR_.', 'system'],
  ['_R_.', 'system'],
];

/** The shape that a subject shows by itself: `[kind, pattern]`. */
function shapeOf(subject: string): readonly [ShapeKind, string] {
  const [prefix, kind] = systemPrefixes.find(([start]) => subject.startsWith(start)) ?? [];
  if (prefix !== undefined && kind !== undefined) {
    return [kind, prefix === '$' ? `${subject.split('.', 1)[0] ?? ''}.>` : `${prefix}>`];
  }
  const tokens = subject.split('.');
  const unique = tokens.findIndex((token) => nuid.test(token));
  const isInbox =
    tokens[0] === '_INBOX' || (unique > 0 && unique >= tokens.length - 2 && tokens.at(-1) === '*');
  if (isInbox) {
    const before = tokens[0] === '_INBOX' ? '_INBOX' : tokens.slice(0, unique).join('.');
    return [tokens.at(-1) === '*' || tokens.at(-1) === '>' ? 'inbox' : 'deliver', `${before}.>`];
  }
  if (/(^|[._-])(deliver|push)/i.test(subject) && tokens.some(isId)) {
    return ['deliver', tokens.map((token) => (isId(token) ? any : token)).join('.')];
  }
  return ['varying', tokens.map((token) => (isId(token) ? any : token)).join('.')];
}

type Counted = ReadonlyMap<
  string,
  { readonly kind: ShapeKind; readonly pattern: string; readonly count: number }
>;

function countShapes(subjects: readonly string[]): Counted {
  const counts = new Map<string, { kind: ShapeKind; pattern: string; count: number }>();
  for (const subject of subjects) {
    const [kind, pattern] = shapeOf(subject);
    const key = `${kind} ${pattern}`;
    const counted = counts.get(key);
    if (counted === undefined) counts.set(key, { kind, pattern, count: 1 });
    else counted.count += 1;
  }
  return counts;
}

/** Patterns that a family is looked for in, and how many subjects make one. */
const mostLookedAt = 20_000;
const smallestFamily = 8;
const mostFamilies = 12;

type Family = { readonly pattern: string; readonly token: number; readonly members: readonly string[] };

/** The largest set of patterns that differ in one and the same token; null if none is worth a name. */
function largestFamily(patterns: Iterable<string>): Family | null {
  const families = new Map<string, string[]>();
  for (const pattern of patterns) {
    const tokens = pattern.split('.');
    for (const [i, token] of tokens.entries()) {
      if (token === any || token === '*' || token === '>') continue;
      const key = `${i} ${tokens.with(i, any).join('.')}`;
      const family = families.get(key);
      if (family === undefined) families.set(key, [pattern]);
      else family.push(pattern);
    }
  }
  let largest: Family | null = null;
  for (const [key, members] of families) {
    if (members.length < Math.max(smallestFamily, (largest?.members.length ?? 0) + 1)) continue;
    const space = key.indexOf(' ');
    largest = { token: Number(key.slice(0, space)) + 1, pattern: key.slice(space + 1), members };
  }
  return largest;
}

/**
 * Subjects grouped by shape, the largest first. Of very many different patterns only evenly spread ones are searched
 * for families, so that a list of 200,000 takes no longer than one of 20,000; the counts of what they name are exact.
 */
export function subjectShapes(subjects: readonly string[]): readonly Shape[] {
  const own = [...countShapes(subjects).values()];
  const shapes: Omit<Shape, 'share'>[] = own
    .filter(({ kind }) => kind !== 'varying')
    .map((counted) => ({ ...counted, varies: null }));

  const varying = new Map(
    own.flatMap(({ kind, pattern, count }) => (kind === 'varying' ? [[pattern, count]] : [])),
  );
  const step = Math.max(1, Math.ceil(varying.size / mostLookedAt));
  const sample = new Set([...varying.keys()].filter((_, i) => i % step === 0));
  for (let found = 0; found < mostFamilies; found += 1) {
    const family = largestFamily(sample);
    if (family === null) break;
    const matching =
      step === 1 ? family.members : [...varying.keys()].filter((pattern) => isOf(family, pattern));
    shapes.push({
      kind: 'varying',
      pattern: family.pattern,
      count: matching.reduce((sum, pattern) => sum + (varying.get(pattern) ?? 0), 0),
      varies: { token: family.token, values: matching.length },
    });
    for (const pattern of matching) {
      sample.delete(pattern);
      varying.delete(pattern);
    }
  }
  for (const [pattern, count] of varying) {
    const kind = pattern.includes(any) ? 'varying' : count > 1 ? 'repeated' : 'single';
    shapes.push({ kind, pattern, count, varies: null });
  }
  return merged(shapes)
    .map((shape) => ({
      ...shape,
      pattern: shape.pattern.replaceAll(any, '*'),
      share: shape.count / subjects.length,
    }))
    .sort((a, b) => b.count - a.count);
}

function isOf({ pattern, token }: Family, other: string): boolean {
  const tokens = other.split('.');
  return tokens.length >= token && tokens.with(token - 1, any).join('.') === pattern;
}

/** All subjects that share nothing with others make one shape. */
function merged(shapes: readonly Omit<Shape, 'share'>[]): readonly Omit<Shape, 'share'>[] {
  const single = shapes.filter(({ kind }) => kind === 'single');
  const others = shapes.filter(({ kind }) => kind !== 'single');
  if (single.length === 0) return others;
  return [...others, { kind: 'single', pattern: '', count: single.length, varies: null }];
}
