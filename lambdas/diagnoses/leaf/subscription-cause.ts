import { formatCount, formatPercent, plural } from '../../engine/format.ts';
import type { Shape, ShapeKind } from './subject-shapes.ts';

/** What a shape is called in a sentence. Only what was seen: a prefix of one's own may be more than it seems. */
const called: Record<ShapeKind, (shape: Shape) => string> = {
  inbox: ({ pattern }) =>
    pattern === '_INBOX.>'
      ? "clients' inboxes (`_INBOX.>`)"
      : `subjects like clients' inboxes (\`${pattern}\`)`,
  deliver: ({ pattern }) =>
    pattern === '_INBOX.>'
      ? 'inboxes without a wildcard (`_INBOX.>`), as push consumers and single requests have them'
      : `subjects like deliver subjects of push consumers (\`${pattern}\`)`,
  replication: ({ pattern }) => `deliver subjects of stream sources and mirrors (\`${pattern}\`)`,
  service: ({ pattern }) => `subjects of service instances (\`${pattern}\`)`,
  system: ({ pattern }) => `the servers' own subjects (\`${pattern}\`)`,
  varying: ({ pattern, varies }) =>
    varies === null
      ? `subjects like \`${pattern}\``
      : `subjects like \`${pattern}\`, ${plural(varies.values, 'different value')} in token ${formatCount(varies.token)}`,
  repeated: ({ pattern }) => `\`${pattern}\` again and again, each time with another queue group`,
  single: () => 'subjects that have nothing in common',
};

/** Which end the subscriptions come from. */
export type Origin = 'leaf' | 'hub';

// Tried on 2.10.27 and 2.15.1: what is denied so is not even subscribed to at the other end; `deny_exports` on the
// remote still lets the hub's wildcards through.
const keepAtHome = (subject: string): Record<Origin, string> => ({
  leaf: `\`deny_imports: ["${subject}"]\` on the remote`,
  hub: `\`permissions { publish { deny: ["${subject}"] } }\` of the leafnode's user at the hub`,
});

const remedies: Record<ShapeKind, (origin: Origin) => string> = {
  // Tried as well: 30 clients of an importing account showed as one subscription, and got their replies.
  inbox: (origin) =>
    'Inboxes: every connection that makes requests has one, and each reaches the other end. Let processes share ' +
    `connections. If requests need not cross the leafnode, keep inboxes at home: ${keepAtHome('_INBOX.>')[origin]}. If ` +
    "some must, put the clients into an account of their own that imports those services from the leafnode's account: " +
    'replies then cross under one wildcard (`_R_.>`).',
  deliver: () =>
    'Push consumers: replace them by pull consumers, whose replies come through the one inbox of their connection; ' +
    "ephemeral ones left behind end after `inactive_threshold`. Single requests: use the client library's usual " +
    'request, which has one inbox for all.',
  replication: () =>
    'Sources and mirrors: each has a subject of its own. Gather streams before they cross: one stream that sources the ' +
    'others, and one mirror of it at the other end.',
  service: (origin) =>
    'Services: each instance answers to `$SRV.PING`, `$SRV.INFO` and `$SRV.STATS` in three ways. Run fewer, larger ' +
    `instances, or keep discovery at home: ${keepAtHome('$SRV.>')[origin]}.`,
  system: () =>
    'These belong to the servers themselves: their number follows accounts, streams and leafnodes.',
  varying: () =>
    'One subject for each thing: subscribe once with a wildcard in the place of the varying token and sort by subject ' +
    'in the subscriber. Where several instances share the work, give them one queue group on that wildcard: instances ' +
    'of a queue group count once.',
  repeated: () =>
    'Queue groups with a name for each instance: give instances that share work the same name; a subject and queue ' +
    'group counts once, however many subscribers it has.',
  single: (origin) =>
    'No pattern stands out. Leave at home what need not cross: exports and imports of an account made for this ' +
    `purpose let through only what the other end has use for, and so does ${keepAtHome('<subject>')[origin]}.`,
};

const always =
  'Compression will not help: it makes bytes fewer, not subscriptions. If one account brings most of it, give the leaf ' +
  'server one remote for each account, so that each connection carries its own share.';
const fromHub =
  "These are subscriptions of the hub's clients and of its other leafnodes: look for them there.";

const row = (shape: Shape): string =>
  `${formatPercent(shape.share)} (${formatCount(shape.count)}) are ${called[shape.kind](shape)}`;

/** Shares below are not worth a remedy, and below the second not worth a row. */
const smallestShare = 0.2;
const smallestRow = 0.005;

const joined = (origin: Origin, steps: readonly string[]): string =>
  [...(origin === 'hub' ? [fromHub] : []), ...steps, always].join('\n');

/** What most subscriptions are, and what to do about it. */
export function subscriptionCause(
  shapes: readonly Shape[],
  origin: Origin,
): {
  /** `83 % (12,450) are …`, the largest first. */
  readonly rows: readonly string[];
  readonly remedy: string;
} {
  const large = shapes.filter(({ share }, i) => i === 0 || share >= smallestShare);
  const steps = new Set(large.map(({ kind }) => remedies[kind](origin)));
  const rows = shapes.filter(({ share }) => share >= smallestRow).slice(0, 5);
  return { rows: rows.map(row), remedy: joined(origin, [...steps]) };
}

/** What to do while the subjects are not known. */
export const generalRemedy = (origin: Origin): string =>
  joined(
    origin,
    (['varying', 'deliver', 'inbox', 'single'] as const).map((kind) => remedies[kind](origin)),
  );
