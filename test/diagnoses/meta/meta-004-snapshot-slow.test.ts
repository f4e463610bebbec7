import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-004-snapshot-slow.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';
import { group } from './group.ts';

const taking = (seconds: number | undefined) =>
  group(['n1'], {
    jsz: { streams: 300, consumers: 9_000 },
    meta: {
      snapshot: {
        pending_entries: 12,
        pending_size: 2_048,
        last_time: undefined,
        last_duration: seconds === undefined ? undefined : seconds * 1e9,
      },
    },
  });
const found = (seconds: number | undefined) =>
  lookingOn(watching(diagnosis, { remembers: true }), taking(seconds), 2);

describe('META_004, slow snapshots of the meta layer', () => {
  it.each([
    [4.9, []],
    [5, ['warning']],
    [29.9, ['warning']],
    [30, ['critical']],
  ])('%d s is %j', (seconds, severities) => {
    expect(found(seconds).findings.map(({ severity }) => severity)).toEqual(severities);
  });

  it('says of which server, and how much it has to write', () => {
    expect(found(7).findings).toMatchObject([
      {
        entity: { kind: 'server', name: 'n1' },
        summary: 'The last snapshot of the meta layer took n1 7 s, limit 5 s.',
        evidence: [
          '12 entries (2 KiB) wait for the next',
          'it holds 300 replicas of streams and 9,000 of consumers',
        ],
      },
    ]);
  });

  it('is silent before the first snapshot, and no question to servers that do not time it', () => {
    expect(found(undefined).seen).toEqual({ cluster: 'no snapshot since the servers started' });
    const old = group(['n1'], { varz: { version: '2.10.27' } });
    expect(watching(diagnosis).look(old).outcomes).toEqual({ cluster: 'not-applicable' });
  });
});
