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

type Counted = { readonly kind: ShapeKind; readonly pattern: string; readonly count: number };

function countShapes(subjects: readonly string[]): readonly Counted[] {
  const counts = new Map<string, { kind: ShapeKind; pattern: string; count: number }>();
  for (const subject of subjects) {
    const [kind, pattern] = shapeOf(subject);
    const key = `${kind} ${pattern}`;
    const counted = counts.get(key);
    if (counted === undefined) counts.set(key, { kind, pattern, count: 1 });
    else counted.count += 1;
  }
  return [...counts.values()];
}

/** Patterns that families are looked for in, and how many alike make one. */
const mostSubjects = 8_000;
const smallestFamily = 8;
const mostRounds = 12;

/** One token, by its place, that varies in patterns of a length: these patterns are named by what they become. */
type Rule = { readonly length: number; readonly token: number; readonly becomes: ReadonlySet<string> };

/**
 * The largest set of patterns that differ in one token only, and every other such set with that token in that place;
 * null if none is worth a name.
 */
function largestRule(patterns: Iterable<string>): Rule | null {
  const families = new Map<string, { length: number; token: number; pattern: string; size: number }>();
  for (const pattern of patterns) {
    const tokens = pattern.split('.');
    for (const [token, text] of tokens.entries()) {
      if (text === any || text === '*' || text === '>') continue;
      const general = tokens.with(token, any).join('.');
      const family = families.get(`${token} ${general}`);
      if (family) family.size += 1;
      else families.set(`${token} ${general}`, { length: tokens.length, token, pattern: general, size: 1 });
    }
  }
  const large = [...families.values()].filter(({ size }) => size >= smallestFamily);
  const [first, ...others] = large;
  if (first === undefined) return null;
  const { length, token } = others.reduce((most, family) => (family.size > most.size ? family : most), first);
  const alike = large.filter((family) => family.length === length && family.token === token);
  return { length, token, becomes: new Set(alike.map(({ pattern }) => pattern)) };
}

function applied(pattern: string, { length, token, becomes }: Rule): string {
  const tokens = pattern.split('.');
  if (tokens.length !== length) return pattern;
  const general = tokens.with(token, any).join('.');
  return becomes.has(general) ? general : pattern;
}

/** Rules in the order in which they apply, found in evenly spread patterns where there are very many. */
function findRules(patterns: readonly string[]): readonly Rule[] {
  const step = Math.max(1, Math.ceil(patterns.length / mostSubjects));
  let sample = new Set(patterns.filter((_, i) => i % step === 0));
  const rules: Rule[] = [];
  while (rules.length < mostRounds) {
    const rule = largestRule(sample);
    if (rule === null) break;
    rules.push(rule);
    sample = new Set([...sample].map((pattern) => applied(pattern, rule)));
  }
  return rules;
}

/** Subjects grouped by shape, the largest first. */
export function subjectShapes(subjects: readonly string[]): readonly Shape[] {
  const counted = countShapes(subjects);
  const fixed = counted.filter(({ kind }) => kind !== 'varying');
  const others = counted.filter(({ kind }) => kind === 'varying');
  const rules = findRules(others.map(({ pattern }) => pattern));

  const families = new Map<string, { count: number; values: number }>();
  for (const { pattern, count } of others) {
    const general = rules.reduce(applied, pattern);
    const family = families.get(general);
    if (family === undefined) families.set(general, { count, values: 1 });
    else {
      family.count += count;
      family.values += 1;
    }
  }
  const varying = [...families].map(([pattern, { count, values }]) => {
    const places = pattern.split('.').flatMap((token, i) => (token === any ? [i + 1] : []));
    const [place] = places;
    if (place === undefined)
      return { kind: count > 1 ? 'repeated' : 'single', pattern, count, varies: null } as const;
    const isByName = places.length === 1 && values > 1;
    return { kind: 'varying', pattern, count, varies: isByName ? { token: place, values } : null } as const;
  });
  return merged([...fixed.map((shape) => ({ ...shape, varies: null })), ...varying])
    .map((shape) => ({
      ...shape,
      pattern: shape.pattern.replaceAll(any, '*'),
      share: shape.count / subjects.length,
    }))
    .sort((a, b) => b.count - a.count);
}

/** All subjects that share nothing with others make one shape. */
function merged(shapes: readonly Omit<Shape, 'share'>[]): readonly Omit<Shape, 'share'>[] {
  const single = shapes.filter(({ kind }) => kind === 'single');
  const others = shapes.filter(({ kind }) => kind !== 'single');
  if (single.length === 0) return others;
  return [...others, { kind: 'single', pattern: '', count: single.length, varies: null }];
}
