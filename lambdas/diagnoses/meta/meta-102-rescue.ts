import {
  atLeast,
  defineDiagnosis,
  fromEach,
  hours,
  latest,
  measured,
  minutes,
  nothing,
} from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { metaCommands, metaGroupsOf, noMetaGroup } from './groups.ts';

/** Each server ends it by itself, unless it was asked anew (`rescueQuorumTimeoutDefault` of raft.go). */
const lastsFor = minutes(5);

/** It is done by hand after META_006 has paged, and ends by itself after five minutes: it warns, for who did not do it. */
export default defineDiagnosis({
  id: 'META_102',
  title: 'Meta group runs with a lowered quorum',
  brief: ['meta group', 'lowered quorum'],
  scope: 'cluster',
  reads: { jsz: fromEach('2.15.0') },
  history: { rescued: latest(hours(1)) },
  limits: {
    rescued: atLeast({ warning: 1 }, { unit: 'count', of: 'servers whose meta group is in rescue' }),
  },
  for: minutes(1),
  why:
    'Somebody lowered by hand how many members must agree, to get a leader without a majority. Until that ends two parts of the group may ' +
    'decide at the same time, and what one decided is lost when they meet.',
  remedy:
    'It lasts five minutes, then a majority of all members is needed again. Until then bring back as many as that takes, or remove ' +
    'those that never return (`nats server cluster peer-remove`), so that those that are there are a majority: that ends it. ' +
    'Create and change no streams meanwhile.',
  evaluate({ servers, history }, { at }) {
    const groups = metaGroupsOf(servers);
    if (groups.length === 0) return noMetaGroup;
    const measurements = groups.flatMap((group) => {
      const rescued = group.servers.filter(({ meta }) => meta.rescue);
      if (rescued.length === 0) return [];
      return [
        { limit: 'rescued' as const, entity: group.entity, value: rescued.length, data: { group, rescued } },
      ];
    });
    const { before } = history.rescued(
      () => new Map(measurements.map(({ entity }) => [entity.name, ''] as const)),
    );
    const isOver = (name: string): boolean => at - (before.get(name)?.lastSeen ?? at) >= lastsFor;
    // Of members that were removed nothing is to be read, and what was lowered on others that are lost is over by itself.
    const conclusive = groups.every(
      ({ size, servers: own, entity }) => own.length >= size || isOver(entity.name),
    );
    if (measurements.length === 0) return nothing('no quorum is lowered', { conclusive });
    return measured(
      measurements.map(({ value }) => `${plural(value, 'server')} in rescue`).join('; '),
      measurements,
    );
  },
  describe: ({ entity, value, data: { group, rescued } }) => ({
    summary: `The meta group of ${entity.name} is in rescue on ${plural(value, 'server')}: its quorum was lowered by hand.`,
    evidence: rescued.map(
      ({ name, meta }) =>
        `${name} needs ${meta.quorum_needed ?? 'few'} of ${plural(meta.cluster_size, 'member')}, ` +
        `led by ${inline(meta.leader === undefined ? ['nobody'] : [meta.leader])}`,
    ),
    commands: metaCommands(group),
  }),
});
