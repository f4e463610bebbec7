import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-110-copy-stands.ts';
import type { Origin } from '../../../lambdas/readings/decoders/assets.ts';
import { assetsIn, ledBy, member, stream } from '../../jetstream-kit.ts';
import { varz, watching } from '../../kit.ts';
import { heard, holding } from './origins.ts';

type Look = {
  /** Last sequence of ORDERS, and what of it was deleted. */
  readonly origin: number;
  readonly deleted?: number;
  /** Last sequence of the copy. */
  readonly copy: number;
  readonly link?: Partial<Origin>;
  readonly as?: 'mirror' | 'source';
  readonly account?: string;
  readonly subjects?: readonly string[];
};

const seen = ({ origin, deleted = 0, copy, link, as = 'mirror', account = 'APP', subjects = [] }: Look) =>
  holding(
    {
      ...{ name: 'ORDERS', account, accountName: account },
      state: { lastSeq: origin, messages: origin - deleted, deleted },
    },
    {
      name: 'COPY',
      config: { subjects },
      state: { lastSeq: copy, messages: copy },
      ...(as === 'mirror' ? { mirror: heard(link) } : { sources: [heard(link)] }),
    },
  );

/** Findings after so many minutes. */
const watched = (minutes: number, at: (minute: number) => Look) => {
  const watch = watching(diagnosis, { remembers: true });
  const looks = Array.from({ length: minutes + 1 }, (_, minute) => watch.look(seen(at(minute))));
  return { watch, last: looks.at(-1), notices: looks.flatMap(({ notices }) => notices) };
};

const { gateway: noGateway } = varz();

/** A hundred messages a minute that the copy does not take. */
const stands = (minute: number): Look => ({ origin: 1_000 + minute * 100, copy: 950 });

describe('JETSTREAM_110, a copy that stands', () => {
  it('is left to JETSTREAM_015 where it says itself why', () => {
    const error = {
      code: 500,
      errCode: 10_228,
      description: 'stream source consumer stalled on flow control',
    };
    const { last } = watched(6, (minute) => ({ ...stands(minute), link: { error } }));
    expect([last?.findings, last?.outcomes]).toEqual([[], { cluster: 'ok' }]);
  });

  it('is told after four minutes, though its lag is 0 and it was heard a moment ago', () => {
    expect(watched(3, stands).last?.findings).toEqual([]);
    expect(watched(4, stands).last?.findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'stream', name: 'COPY (APP)' },
        summary:
          'Stream COPY (APP) has copied nothing for 4 min, while its origin ORDERS went on to sequence 1,400, ' +
          '450 sequences behind.',
        evidence: [
          'mirror of ORDERS: lag 0, heard 400 ms ago',
          'its place in the origin: 950',
          'the origin holds 1,400 messages, led by n1, account APP',
          'led by n1, replicas on n2',
        ],
      },
    ]);
  });

  it.each([
    ['that gateways join to that of its origin', 'lab', 1],
    ['that only has the same account', undefined, 0],
  ])('in a cluster %s', (_, gateway, found) => {
    const inCluster = (name: string, cluster: string, row: Parameters<typeof stream>[0]) =>
      member(name, {
        varz: { cluster: { name: cluster, cluster_port: 6222 }, gateway: { ...noGateway, name: gateway } },
        streams: assetsIn({ cluster_size: 2 }, stream({ ...row, group: ledBy(name, name, [name]) })),
      });
    const watch = watching(diagnosis, { remembers: true });
    const looks = Array.from({ length: 5 }, (_each, minute) =>
      watch.look([
        inCluster('n1', 'east', { name: 'ORDERS', state: { lastSeq: 1_000 + minute * 100 } }),
        inCluster('n2', 'west', { name: 'COPY', mirror: heard(), state: { lastSeq: 950 } }),
      ]),
    );
    expect(looks.at(-1)?.findings).toHaveLength(found);
  });

  it('is told when the origin has gone quiet since, as long as it holds what the copy lacks', () => {
    expect(watched(30, () => ({ origin: 1_000, copy: 950 })).last?.findings).toHaveLength(1);
  });

  it('is silent where the last of the origin was deleted before it was copied', () => {
    expect(watched(30, () => ({ origin: 1_000, deleted: 50, copy: 950 })).notices).toEqual([]);
  });

  it.each([
    ['a mirror that keeps up, read a moment apart', (m: number) => ({ origin: m * 600, copy: m * 600 - 9 })],
    ['one that is far behind and copies', (m: number) => ({ origin: 1_000_000, copy: m * 100 })],
    ['one that is to begin later', () => ({ origin: 1_000, copy: 0 })],
    ['a quiet one', () => ({ origin: 10, copy: 10 })],
    ['a filtered one', (m: number) => ({ origin: m * 100, copy: 5, link: { isFiltered: true } })],
  ])('is silent of %s', (_, at) => {
    expect(watched(20, at).notices).toEqual([]);
  });

  it('compares a source by its place in the origin, which 2.15 shows', () => {
    const source = (minute: number): Look => ({
      ...{ origin: 100 + minute * 10, copy: 4_000 + minute, as: 'source', subjects: ['own.>'] },
      link: { seq: 90 },
    });
    expect(watched(4, source).last?.findings).toHaveLength(1);
    const well = (minute: number) => ({ ...source(minute), link: { seq: 100 + minute * 10 } });
    expect(watched(20, well).notices).toEqual([]);
  });

  it('takes what an older server shows: nothing comes in, while the only source goes on', () => {
    const source = (minute: number): Look => ({ origin: 100 + minute * 10, copy: 7_000, as: 'source' });
    expect(watched(4, source).last?.findings).toEqual([]);
    expect(watched(5, source).last?.findings[0]?.evidence).toContain('its last sequence: 7,000');
    const quiet = () => ({ ...source(0), copy: 7_000 });
    expect(watched(20, quiet).notices).toEqual([]);
    const own = (minute: number) => ({ ...source(minute), subjects: ['own.>'] });
    expect(watched(20, own).notices).toEqual([]);
  });

  it('finds the origin in another account where no other stream has its name', () => {
    const shop = (minute: number): Look => ({
      ...stands(minute),
      account: 'SHOP',
      link: { external: 'shop.API' },
    });
    expect(watched(4, shop).last?.findings).toHaveLength(1);
  });

  it('says what it cannot compare', () => {
    const elsewhere = (minute: number) => ({ ...stands(minute), link: { external: '$JS.west.API' } });
    expect(watched(6, elsewhere).last?.seen).toEqual({
      cluster:
        '0 mirrors and sources compared with the origin, 1 not: the origin is not watched or filtered, or it fails by its own words',
    });
  });

  it('says that the origin was made anew where the copy is ahead of it', () => {
    const anew = (minute: number): Look => ({ origin: 10 + minute, copy: 950 });
    expect(watched(5, anew).last?.findings[0]?.evidence).toContain(
      'its place in the origin: 950, which the origin has not reached: it was made anew',
    );
  });

  it('resolves when it goes on', () => {
    const { watch } = watched(5, stands);
    const kinds = Array.from({ length: 8 }, (_, i) => watch.look(seen({ origin: 2_000, copy: 1_990 + i })));
    expect(kinds.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['resolved']);
  });
});
