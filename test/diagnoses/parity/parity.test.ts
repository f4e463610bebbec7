import { describe, expect, it } from 'vitest';
import { insightsChecks } from '../../pages/insights-checks.ts';
import { natsVersions } from '../../services/nats-binary.ts';
import { alikeAtLimits, differencesAtLimits } from './at-limits.ts';
import { differences, type Difference } from './differences.ts';
import { insights } from './insights.ts';
import { limitScenes } from './limits.ts';
import { verdicts, verdictsOf, type Verdict } from './verdicts.ts';

const listed = (of: readonly Difference[]): readonly string[] => of.flatMap((each) => each.of).toSorted();

const all = natsVersions.flatMap((version) => verdicts(version).map((verdict) => ({ ...verdict, version })));

const isOfJetStream = (id: string): boolean => /^(META|JETSTREAM|CONSUMER)_/.test(id);

const differs = ({ theirs, ours }: Verdict): boolean => theirs !== ours;

/** As the list has them, with the versions of which they hold. */
const lines = (of: typeof all): readonly string[] => {
  const bySame = Map.groupBy(of, ({ id, at, theirs, ours }) => JSON.stringify([id, at, theirs, ours]));
  return [...bySame.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const versions =
      same.length === natsVersions.length ? '' : ` (${same.map((each) => each.version).join(', ')})`;
    return [`${first.id} at ${first.at}${versions}: ${first.theirs} | ${first.ours}`];
  });
};

describe('what Synadia Insights and `nats server check` say of recorded clusters', () => {
  it('is what our checks say, but for what is listed with its reason', () => {
    expect(lines(all.filter(differs)).toSorted()).toEqual(listed(differences));
  });

  it('is said in most of what there is to be told', () => {
    const told = all.filter(({ theirs }) => theirs !== 'silent');
    const alike = new Set(told.filter((each) => !differs(each)).map(({ id }) => id));
    expect([...alike].toSorted()).toEqual([
      'CONSUMER_006',
      'CONSUMER_007',
      'CONSUMER_008',
      'CONSUMER_009',
      'CONSUMER_010',
      'CONSUMER_011',
      'CONSUMER_012',
      'JETSTREAM_016',
      'JETSTREAM_019',
      'JETSTREAM_021',
      'JETSTREAM_023',
      'JETSTREAM_024',
      'JETSTREAM_025',
      'SERVER_014',
      'SERVER_019',
      'check consumer --last-ack-critical',
      'check consumer --last-delivery-critical',
      'check consumer --outstanding-ack-critical',
      'check consumer --pinned',
      'check consumer --redelivery-critical',
      'check consumer --unprocessed-critical',
      'check consumer --waiting-critical',
      'check consumer: no answer',
      'check jetstream',
      'check meta',
      'check stream --min-sources',
      'check stream --msgs-warn --msgs-critical',
      'check stream --peer-expect',
      'check stream --peer-seen-critical',
      'check stream --subjects-warn --subjects-critical',
      'check stream: no answer',
    ]);
  });

  it('is silence of theirs and ours, of a healthy cluster whose owners ask for nothing', () => {
    const owned = /^(JETSTREAM_0(1[789]|2\d)|CONSUMER_0(0[6-9]|1[0-2])|check (stream|consumer) --.*)$/;
    const told = all.filter(
      ({ id, at, theirs, ours }) =>
        at === 'healthy/1' && !owned.test(id) && (theirs !== 'silent' || ours !== 'silent'),
    );
    expect(told).toEqual([]);
  });
});

describe('a cluster changed to just below what Insights tells, and to where it does', () => {
  const told = limitScenes('2.15.1')
    .flatMap(([scene, moments]) => verdictsOf(scene, moments))
    .filter(({ id, theirs, ours }) => !id.startsWith('check ') && (theirs !== 'silent' || ours !== 'silent'));

  it('is told alike', () => {
    const alike = told.filter((each) => !differs(each));
    expect(alike.map(({ id, at, theirs }) => `${id} at ${at}: ${theirs}`)).toEqual(alikeAtLimits);
  });

  it('is told otherwise where that is listed with its reason', () => {
    const others = told
      .filter(differs)
      .map(({ id, at, theirs, ours }) => `${id} at ${at}: ${theirs} | ${ours}`);
    expect(others.toSorted()).toEqual(listed(differencesAtLimits));
  });
});

describe('the checks of Insights that are compared', () => {
  it('are all those of the meta group, streams and consumers', () => {
    const compared = insights.map(({ id }) => id).filter((id) => isOfJetStream(id));
    const known = insightsChecks.map(({ id }) => id).filter((id) => isOfJetStream(id));
    expect(compared.toSorted()).toEqual(known.toSorted());
  });
});
