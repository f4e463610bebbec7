import { atLeast, defineDiagnosis, from, measured, minutes, notApplicable } from '../../define.ts';
import { formatBytes, formatPercent } from '../../engine/format.ts';
import { jetStreamIsOffHere, shareText, type Share } from './jetstream.ts';

type Reserved = Share & { readonly kind: 'file' | 'memory'; readonly used: number };

const options = { file: 'max_file_store', memory: 'max_memory_store' } as const;

/** From 95 % on few streams still fit; at 100 % none does. A cluster that leaves itself room to create streams stays below. */
export default defineDiagnosis({
  id: 'SERVER_131',
  title: 'JetStream store reserved out',
  brief: ['store', 'reserved'],
  scope: 'server',
  reads: { jsz: from() },
  history: {},
  limits: {
    reserved: atLeast(
      { warning: 0.95, critical: 1 },
      {
        unit: 'ratio',
        of: '`max_file_store` or `max_memory_store` that streams reserve by their `max_bytes`',
      },
    ),
  },
  for: minutes(1),
  why:
    'A stream reserves its `max_bytes` where it is placed, whatever it holds. Creating a stream, raising its `max_bytes` or giving ' +
    'it another replica fails for what does not fit: "insufficient storage resources available" (10047) or, in a cluster, "no ' +
    'suitable peers for placement" (10005), although the disk may be empty. What streams hold goes on.',
  remedy:
    'Lower `max_bytes` of streams that use little of it (`nats stream edit --max-bytes`: a stream that holds more loses its oldest ' +
    'messages), or move replicas to servers with room. Else raise the maximum with the disk, and restart. Not configured, it is ' +
    '75 % of what was free on the disk when the server started: set it.',
  evaluate({ target, jsz }) {
    if (jsz.disabled) return jetStreamIsOffHere;
    const { config } = jsz;
    const all: readonly Reserved[] = [
      { kind: 'file', target, part: jsz.reserved_storage, used: jsz.storage, most: config.max_storage },
      { kind: 'memory', target, part: jsz.reserved_memory, used: jsz.memory, most: config.max_memory },
    ];
    const stores = all.filter(({ most }) => most > 0);
    if (stores.length === 0) return notApplicable('it has no store');
    return measured(
      stores.map((store) => `${store.kind}: reserved ${shareText(store)}`).join(', '),
      stores.map((data) => ({
        limit: 'reserved' as const,
        entity: { kind: 'limit' as const, name: `${options[data.kind]} of ${target.name}` },
        value: data.part / data.most,
        data,
      })),
    );
  },
  describe: ({ value, level, data: { target, kind, part, used, most } }) => ({
    summary:
      `Streams on ${target.name} reserve ${formatBytes(part)} of at most ${formatBytes(most)} (${kind}): ` +
      `${formatPercent(value)}, limit ${formatPercent(level)}. What is in use: ${formatBytes(used)}.`,
    evidence: [`${options[kind]} leaves ${formatBytes(Math.max(0, most - part))} for other streams`],
    commands: {
      nats: 'nats stream report',
      curl: `curl -s '${target.url}/jsz?streams=true&config=true' | grep -E '"(name|max_bytes|reserved_storage|max_storage)"'`,
    },
  }),
});
