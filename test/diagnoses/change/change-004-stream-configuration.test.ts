import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/change/change-004-stream-configuration.ts';
import { assets, holding as replicated, ledBy, member, stream } from '../../jetstream-kit.ts';
import { failing, server, varz, watching } from '../../kit.ts';

type Config = NonNullable<NonNullable<Parameters<typeof stream>[0]>['config']>;
const hour = 3_600e9;

const configured = (config: Config, created?: number) =>
  replicated({ config, ...(created === undefined ? {} : { created }) });

/** What is told when a stream is configured in one way, then in another. */
function changed(before: Config, after: Config) {
  const watch = watching(diagnosis, { remembers: true });
  watch.look(configured(before));
  return watch.look(configured(after));
}

describe('CHANGE_004, configuration of a stream', () => {
  it('says nothing of a stream that is seen for the first time, nor of one that stays as it is', () => {
    const watch = watching(diagnosis, { remembers: true });
    expect(watch.look(configured({ maxAge: hour })).findings).toEqual([]);
    expect(watch.look(configured({ maxAge: hour }))).toMatchObject({
      findings: [],
      seen: { cluster: '1 stream, 0 changed within the hour' },
    });
  });

  it.each<readonly [string, Config, Config, string]>([
    ['replicas', { replicas: 1 }, { replicas: 3 }, 'replicas 1 -> 3'],
    ['retention', { retention: 'limits' }, { retention: 'workqueue' }, 'retention limits -> workqueue'],
    ['more messages', { maxMsgs: 1_000 }, { maxMsgs: -1 }, 'max_msgs 1,000 -> none'],
    ['more bytes', { maxBytes: 2 ** 20 }, { maxBytes: 2 ** 30 }, 'max_bytes 1 MiB -> 1 GiB'],
    ['a longer age', { maxAge: hour }, { maxAge: 0 }, 'max_age 1 h -> none'],
    ['consumers', { maxConsumers: -1 }, { maxConsumers: 5 }, 'max_consumers none -> 5'],
  ])('tells of %s', (_, before, after, words) => {
    const { findings } = changed(before, after);
    expect(findings.map(({ severity, summary }) => [severity, summary])).toEqual([
      ['info', `Stream ORDERS (APP) was changed: ${words}.`],
    ]);
  });

  it('says where messages were deleted by it', () => {
    const [finding] = changed({ maxAge: 0, maxMsgs: 10 }, { maxAge: hour, maxMsgs: 20 }).findings;
    expect(finding).toMatchObject({
      summary:
        'Stream ORDERS (APP) was changed: max_msgs 10 -> 20, max_age none -> 1 h. Messages beyond the new limit, if any, were deleted.',
      evidence: [
        'seen 2026-11-20 10:01 UTC: max_msgs 10 -> 20, max_age none -> 1 h',
        'led by n1, replicas on n2, n3',
      ],
    });
  });

  it('says nothing of what is not watched', () => {
    expect(changed({ subjects: ['a'] }, { subjects: ['b'] }).findings).toEqual([]);
  });

  it('goes by the leader: a follower learns of it a moment later', () => {
    const watch = watching(diagnosis, { remembers: true });
    const servers = (follower: number) =>
      ['n1', 'n2'].map((name) =>
        member(name, {
          streams: assets(
            stream({ group: ledBy('n1', name), config: { maxMsgs: name === 'n1' ? 5 : follower } }),
          ),
        }),
      );
    watch.look(servers(5));
    expect(watch.look(servers(7)).findings).toEqual([]);
  });

  it('ends an hour later; a second change within the hour is told with the first', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(configured({ maxMsgs: 1 }));
    watch.look(configured({ maxMsgs: 2 }));
    const { findings } = watch.look(configured({ maxMsgs: 3 }), minutes(30));
    expect(findings.map(({ summary, evidence }) => [summary, ...evidence])).toEqual([
      [
        'Stream ORDERS (APP) was changed: max_msgs 2 -> 3.',
        'seen 2026-11-20 10:31 UTC: max_msgs 2 -> 3',
        'seen 2026-11-20 10:01 UTC: max_msgs 1 -> 2',
        'led by n1, replicas on n2, n3',
      ],
    ]);
    expect(watch.look(configured({ maxMsgs: 3 }), minutes(59)).findings.length).toBe(1);
    expect(watch.look(configured({ maxMsgs: 3 }), minutes(3)).findings).toEqual([]);
  });

  it('compares with what the stream was before its leader could not be read', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(configured({ maxMsgs: 1 }));
    watch.look([server('n1', { varz: varz(), streams: failing() }), ...configured({ maxMsgs: 1 }).slice(1)]);
    expect(watch.look(configured({ maxMsgs: 2 })).findings.length).toBe(1);
  });

  it('leaves a stream that was created anew to JETSTREAM_111', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(configured({ maxMsgs: 1 }, 1_000));
    expect(watch.look(configured({ maxMsgs: 2 }, 2_000)).findings).toEqual([]);
  });
});
