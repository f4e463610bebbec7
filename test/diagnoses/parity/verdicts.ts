import jetStreamConsumers from '../../../lambdas/checks/jetstream-consumers.ts';
import jetStreamMeta from '../../../lambdas/checks/jetstream-meta.ts';
import jetStreamServer from '../../../lambdas/checks/jetstream-server.ts';
import jetStreamStreams from '../../../lambdas/checks/jetstream-streams.ts';
import jetStreamUnhealthy from '../../../lambdas/diagnoses/server/server-014-jetstream-unhealthy.ts';
import assetsNotCurrent from '../../../lambdas/diagnoses/server/server-015-assets-not-current.ts';
import { minutes, seconds } from '../../../lambdas/define.ts';
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import { severities } from '../../../lambdas/limits.ts';
import type { Assets, StreamRow } from '../../../lambdas/readings/decoders/assets.ts';
import { consumersOf, rowsOf } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';
import { jetStreamScenes, recordedMoment, stepsOf, type RecordedMoment } from '../../recorded-moments.ts';
import type { NatsVersion } from '../../services/nats-binary.ts';
import { insights } from './insights.ts';
import { ownersOf, type Rule, type Told } from './rule.ts';
import { seenOf } from './seen.ts';
import { serverCheck } from './server-check.ts';

/** What one of their rules, or of our diagnoses that none of theirs is like, tells at the end of a moment, and what ours do. */
export type Verdict = {
  readonly id: string;
  /** `lost-quorum/2`. */
  readonly at: string;
  readonly theirs: string;
  readonly ours: string;
};

const diagnoses = [
  ...new Set([
    ...[jetStreamServer, jetStreamMeta, jetStreamStreams, jetStreamConsumers].flatMap(
      (check) => check.diagnoses,
    ),
    ...[jetStreamUnhealthy, assetsNotCurrent],
  ]),
];
const rules: readonly Rule[] = [...insights, ...serverCheck];
const onlyOurs = diagnoses
  .filter(({ id }) => !rules.some(({ ours }) => ours.includes(id)))
  .map(({ id }) => id);

/** Runs for which a moment lasts: enough for every `for` and for what must be seen to stand. */
const lasts = 12;

const ownedStream = (row: StreamRow): StreamRow => {
  const isCopy = row.config.mirror !== null || row.config.sources.length > 0;
  return {
    ...row,
    config: { ...row.config, metadata: { ...ownersOf.stream, ...(isCopy ? ownersOf.copy : {}) } },
    consumers: consumersOf(
      rowsOf(row.consumers).map((consumer) => ({
        ...consumer,
        config: {
          ...consumer.config,
          metadata: { ...ownersOf.consumer, ...(row.config.replicas === 1 ? ownersOf.worker : {}) },
        },
      })),
    ),
  };
};
const ownedAssets = (assets: Assets): Assets => ({ ...assets, streams: assets.streams.map(ownedStream) });

/** The same, with levels in the metadata of every stream and consumer. */
const withOwners = ({ takenAt, servers }: RecordedMoment): RecordedMoment => ({
  takenAt,
  servers: servers.map(({ target, readings }): TargetReadings => {
    const { streams, consumers } = readings;
    return {
      target,
      readings: {
        ...readings,
        ...(streams?.ok ? { streams: { ok: true, value: ownedAssets(streams.value) } } : {}),
        ...(consumers?.ok ? { consumers: { ok: true, value: ownedAssets(consumers.value) } } : {}),
      },
    };
  }),
});

/** Moments one after the other, each at its end. */
function played(moments: readonly RecordedMoment[]) {
  let at = 0;
  const ends = moments.map(({ takenAt, servers }) => {
    at = Math.max(takenAt, at + minutes(1)) + minutes(lasts - 1);
    return { at, servers };
  });
  const startsAt = (ends[0]?.at ?? 0) - minutes(lasts - 1);
  const watches = diagnoses.map((diagnosis) => ({
    id: diagnosis.id,
    watch: watching(diagnosis, { startsAt }),
  }));
  return ends.map(({ at: end, servers }, i) => {
    const pause = i === 0 ? minutes(1) : seconds((end - minutes(lasts - 1) - (ends[i - 1]?.at ?? 0)) / 1_000);
    const told = watches.flatMap(({ id, watch }) => {
      let { findings } = watch.look(servers, pause);
      for (let look = 1; look < lasts; look += 1) ({ findings } = watch.look(servers));
      return findings.map(({ severity, entity }) => ({ id, told: [severity, entity.name] satisfies Told }));
    });
    return { seen: seenOf(end, servers), told };
  });
}

const worst = (told: readonly Told[]): string =>
  severities.find((severity) => told.some(([own]) => own === severity)) ?? 'silent';

function words(told: readonly Told[], compares: Rule['compares']): string {
  if (compares === 'severity' || told.length === 0) return worst(told);
  return [...new Set(told.map(([severity, entity]) => `${severity} ${entity}`))].toSorted().join(', ');
}

/** Every verdict at the end of these moments, which are those of one scene. */
export function verdictsOf(scene: string, moments: readonly RecordedMoment[]): readonly Verdict[] {
  const all = played(moments);
  return all.flatMap(({ seen, told }, i) => {
    const before = all[i - 1]?.seen ?? null;
    const ours = (ids: readonly string[]): readonly Told[] =>
      told.flatMap((each) => (ids.includes(each.id) ? [each.told] : []));
    const at = `${scene}/${i + 1}`;
    return [
      ...rules.map(({ id, ours: ids, compares, tells }) => ({
        ...{ id, at },
        theirs: words(tells(seen, before), compares),
        ours: words(ours(ids), compares),
      })),
      ...onlyOurs.map((id) => ({ ...{ id, at }, theirs: 'silent', ours: words(ours([id]), 'entities') })),
    ];
  });
}

/** Every verdict over the recorded scenes of a version, with levels of owners. */
export const verdicts = (version: NatsVersion): readonly Verdict[] =>
  jetStreamScenes(version).flatMap((scene) =>
    verdictsOf(
      scene,
      stepsOf(version, scene).map((step) => withOwners(recordedMoment(version, scene, step))),
    ),
  );
