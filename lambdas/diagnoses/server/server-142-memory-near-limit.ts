import { above, atLeast, defineDiagnosis, measured, minutes, notApplicable } from '../../define.ts';
import { formatBytes, formatPercent } from '../../engine/format.ts';
import { loadOf, loadWords } from '../load.ts';
import { memoryLimitOf, noLimitKnown, usedWords } from './memory-limit.ts';

/**
 * Of a container's limit from 93 % on: with GOMEMLIMIT at 90 % of it, as many have it, a server may stay there in good health.
 * GOMEMLIMIT itself is no trouble until it is passed by more than what Go does not count.
 */
export default defineDiagnosis({
  id: 'SERVER_142',
  title: 'Memory at its limit',
  brief: ['memory', 'at its limit'],
  scope: 'server',
  reads: {},
  history: {},
  limits: {
    used: atLeast(
      { warning: 0.93, critical: 0.97 },
      { unit: 'ratio', of: 'memory, of memoryLimit in settings' },
    ),
    beyond: above({ warning: 0.05 }, { unit: 'ratio', of: 'memory beyond GOMEMLIMIT, as a share of that' }),
  },
  for: minutes(3),
  why:
    'The server is about to be killed for its memory: all its clients are cut off at once, and streams in memory that have no other replica ' +
    'are lost.',
  remedy:
    'Drain it (`nats-server --signal ldm`) and let it start anew before it is killed, one server of a cluster at a time. Then find ' +
    'what took the memory: streams in memory, connections, subscriptions, pending bytes in `/connz?sort=pending`; or give it more.',
  evaluate({ target, varz }, { cluster }) {
    const limit = memoryLimitOf(varz, cluster);
    if (limit === null) return notApplicable(noLimitKnown);
    const soft = memoryLimitOf(varz, { memoryLimit: null });
    const { mem } = varz;
    const data = { target, used: usedWords(mem, limit), soft, mem, load: loadOf(varz) };
    const entity = { kind: 'server', name: target.name } as const;
    return measured(data.used, [
      ...(limit.kind === 'killed'
        ? [{ limit: 'used' as const, entity, value: mem / limit.bytes, data }]
        : []),
      ...(soft === null
        ? []
        : [{ limit: 'beyond' as const, entity, value: Math.max(0, mem / soft.bytes - 1), data }]),
    ]);
  },
  describe: ({ limit, value, data: { target, used, soft, mem, load } }) => ({
    summary:
      limit === 'used'
        ? `${target.name} uses ${used}.`
        : `${target.name} uses ${formatBytes(mem)}, ${formatPercent(value)} more than GOMEMLIMIT (${formatBytes(soft?.bytes ?? 0)}) lets it.`,
    evidence: [
      loadWords(load),
      ...(limit === 'used' && soft === null
        ? ['GOMEMLIMIT is not set, or not shown: it collects garbage as if there were no limit']
        : []),
    ],
    ...(limit === 'used'
      ? {}
      : {
          why:
            'What the server holds is more than GOMEMLIMIT allows, so that its garbage collector runs without end, on up to half of its CPU, ' +
            'and frees nothing. If its container has a limit a little above, it is killed at that.',
        }),
    commands: {
      nats: 'nats server report mem',
      curl: `curl -s '${target.url}/varz' | grep -E '"(mem|gomemlimit|connections|subscriptions)"'`,
    },
  }),
});
