import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { areMissing, commandsOf, missingOf, namesOf, ofStreams, seenOf } from '../assets/leaderless.ts';
import { silenceOf, silentIn, sufferingSilence } from '../assets/silence.ts';
import { whereaboutsOf } from '../assets/whereabouts.ts';

/**
 * By the leader's row, which alone says it: `current` falls when nothing was heard for 10 s. `offline` comes three minutes after
 * a server was killed or hangs, and `active` stays 0 where it was dead before the leader was elected.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_108',
  title: 'Replicas of streams do not follow',
  brief: ['streams', 'silent replica'],
  scope: 'cluster',
  reads: { streams: from() },
  history: {},
  limits: {
    silent: atLeast({ warning: 1 }, { unit: 'count', of: 'streams whose leader does not hear a replica' }),
  },
  // A server that is restarted in its turn drains for two minutes and recovers before it follows again.
  for: minutes(5),
  why: 'With one replica less the next server that fails may stop the stream.',
  remedy:
    'Does the server run, and does it answer? Restart one that hangs, start one that was stopped, with its store. If it is gone ' +
    'for good, remove it from the meta group (`nats server cluster peer-remove`), which moves its replicas to other servers and ' +
    'copies what they hold: only then, for a server that comes back later starts empty.',
  evaluate(view, { cluster }) {
    const assets = assetsOf(view.servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const all = sufferingSilence(silentIn(assets.streams), assets);
    if (all.length === 0) return nothing(`${plural(assets.streams.length, 'stream')}, all replicas follow`);
    const whereabouts = whereaboutsOf(view, ({ streams }) => streams.disabled);
    return measured(
      seenOf(all, 'replica', 'of streams that do not follow'),
      all.map((each) => ({
        limit: 'silent' as const,
        entity: each.entity,
        value: each.cases.length,
        data: { ...each, whereabouts },
      })),
    );
  },
  describe({ data: { cases, cause, whereabouts } }) {
    const names = missingOf(cases);
    const consumers = cases.reduce((sum, { asset }) => sum + (asset.leader?.row.state.consumers ?? 0), 0);
    return {
      summary:
        cause.kind === 'servers'
          ? `${areMissing(names)} in ${plural(cases.length, 'stream')}, with ${plural(consumers, 'consumer')}: ` +
            `${namesOf(cases)}.`
          : `Stream ${cases[0]?.asset.entity.name ?? ''} goes on without its replica on ${inline(names)}, which takes part in others.`,
      evidence: [...names.map(whereabouts), ...cases.map(silenceOf)],
      commands: commandsOf(cases, ofStreams),
    };
  },
});
