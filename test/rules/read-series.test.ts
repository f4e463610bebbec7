import { describe, expect, it } from 'vitest';
import type { RawReply, Source } from '../../lambdas/ports.ts';
import type { Reading, Target } from '../../lambdas/readings/reading.ts';
import { readTarget } from '../../lambdas/rules/read-series.ts';
import type { SeriesDefinition } from '../../lambdas/series/definition.ts';
import { findSeries } from '../../lambdas/series/find.ts';
import { failing } from '../kit.ts';
import { recordedReply } from '../series/streams-scene.ts';

const target: Target = { name: 'east1', url: 'http://east1:8222' };
const labels = { server_id: 'east1', job: 'nats' };
const recorded = (name: string) => recordedReply(`2.15.1/streams/east1/${name}`) as object;
const accountList = { accounts: ['APP', 'a b&c'] };

/** What a real server of the scene with streams answered, by path without query. */
const replies: Readonly<Record<string, object>> = {
  '/varz': recorded('varz'),
  '/healthz': recorded('healthz'),
  '/jsz': recorded('jsz'),
  '/routez': recorded('routez'),
  '/accountz': accountList,
  '/accountz?acc=APP': recorded('accountz-APP'),
  '/accountz?acc=a%20b%26c': recorded('accountz-SYS'),
};

const isFailure = (answer: object): answer is Reading<never> => 'ok' in answer;

/** Reads these series of a server that answers as recorded, with changes by path. */
async function reading(names: readonly string[], changes: Readonly<Record<string, object>> = {}) {
  const asked: string[] = [];
  const answers = { ...replies, ...changes };
  const source: Source = {
    read(_target, { path }): Promise<Reading<RawReply>> {
      asked.push(path);
      const answer = answers[path] ?? answers[path.replace(/\?.*/, '')] ?? failing('status');
      return Promise.resolve(
        isFailure(answer) ? answer : { ok: true, value: { status: 200, json: answer, bytes: 0 } },
      );
    },
  };
  const series = names.map(seriesNamed);
  const read = await readTarget(source, target, labels, series);
  const values = (name: string) => read.samplesOf(seriesNamed(name)).map(({ value }) => value);
  return { read, asked, values, series };
}

function seriesNamed(name: string): SeriesDefinition {
  const [series] = findSeries(name);
  if (series === undefined) throw new Error(`no series ${name}`);
  return series;
}

const pending = 'jetstream_consumer_num_pending';

describe('what rules read of a server', () => {
  it('up tells of a server that fails by itself', async () => {
    const { values, read, series } = await reading(['up'], { '/varz': failing('unreachable') });
    expect([values('up'), read.failureOf(series)]).toEqual([[0], null]);
  });

  it.each(['dns', 'not-reached'] as const)(
    'up says nothing of a server that could not be asked: %s',
    async (code) => {
      const { values, read, series } = await reading(['up'], { '/varz': failing(code) });
      expect([values('up'), read.failureOf(series)]).toEqual([[], { code, message: `no reply: ${code}` }]);
    },
  );

  it('is asked for once, whatever reads it', async () => {
    const { asked } = await reading([pending, 'jetstream_stream_total_messages', 'gnatsd_varz_cpu']);
    expect(asked.toSorted()).toEqual(['/jsz?consumers=true&config=true&raft=true', '/varz']);
  });

  it('has /varz with it, which tells who answers', async () => {
    const { asked, read } = await reading(['gnatsd_routez_num_routes']);
    expect(asked).toEqual(['/varz', '/routez']);
    expect(read.varz.ok && read.varz.value.server_name).toBe('east1');
  });

  it('is /varz alone where rules read nothing', async () => {
    const { asked } = await reading([]);
    expect(asked).toEqual(['/varz']);
  });

  it('comes with the labels of its target', async () => {
    const { read } = await reading(['gnatsd_varz_max_payload']);
    expect(read.samplesOf(seriesNamed('gnatsd_varz_max_payload'))).toEqual([{ labels, value: 1_048_576 }]);
  });

  it('of accounts is asked for account by account, names quoted', async () => {
    const { asked, values } = await reading(['gnatsd_accountz_is_system']);
    expect(asked).toEqual(['/varz', '/accountz', '/accountz?acc=APP', '/accountz?acc=a%20b%26c']);
    expect(values('gnatsd_accountz_is_system')).toEqual([0, 1]);
  });

  it('is the few connections for which something waits, where that is all that their sum needs', async () => {
    const sum = 'gnatsd_connz_pending_bytes';
    const small = '/connz?sort=pending&limit=16';
    const rows = (...pending: readonly number[]) => ({
      total: 3,
      connections: pending.map((pending_bytes) => ({ pending_bytes })),
    });
    const enough = await reading([sum], { [small]: rows(7, 5, 0) });
    expect([enough.asked, enough.values(sum)]).toEqual([['/varz', small], [12]]);
    const cut = await reading([sum], { [small]: rows(7, 5), '/connz': rows(7, 5, 4) });
    expect([cut.asked, cut.values(sum)]).toEqual([['/varz', small, '/connz'], [16]]);
    const failed = await reading([sum], { [small]: failing('timeout') });
    expect([failed.asked, failed.values(sum)]).toEqual([['/varz', small], []]);
    expect(failed.read.failures().map(({ path }) => path)).toEqual(['/connz']);
  });
});

describe('a reading that fails', () => {
  const timeout = failing('timeout');
  const path = '/jsz?consumers=true&config=true&raft=true';

  it('is told by its path, and leaves its series without samples', async () => {
    const { read, values } = await reading([pending, 'gnatsd_varz_max_payload'], { '/jsz': timeout });
    expect([values(pending), values('gnatsd_varz_max_payload')]).toEqual([[], [1_048_576]]);
    expect(read.failures()).toEqual([{ path, failure: { code: 'timeout', message: 'no reply: timeout' } }]);
  });

  it('is why its series have no samples, and no other', async () => {
    const { read, series } = await reading([pending, 'gnatsd_varz_max_payload'], { '/jsz': timeout });
    const [ofConsumers, ofServer] = series.map((each) => read.failureOf([each]));
    expect([ofConsumers?.code, ofServer]).toEqual(['timeout', null]);
    expect(read.failureOf(series)?.code).toBe('timeout');
  });

  it('of /varz takes the series of /jsz along, whose labels come from there', async () => {
    const { read, series, values } = await reading([pending], { '/varz': timeout });
    expect([values(pending), read.failureOf(series)?.code, read.varz.ok]).toEqual([[], 'timeout', false]);
  });

  it('is a sample where a series is about that', async () => {
    const names = ['up', 'gnatsd_healthz_status_value'];
    const failed = { '/varz': timeout, '/healthz': timeout };
    const { read, series, values } = await reading(names, failed);
    expect([...names.map(values), read.failureOf(series)]).toEqual([[0], [0], null]);
  });

  it('of one account is reported as /accountz, and no account has samples: some would look like all', async () => {
    const { read, series, values } = await reading(['gnatsd_accountz_is_system'], {
      '/accountz?acc=APP': timeout,
    });
    expect([values('gnatsd_accountz_is_system'), read.failureOf(series)?.code]).toEqual([[], 'timeout']);
    expect(read.failures().map((each) => each.path)).toEqual(['/accountz']);
  });

  it('of the list of accounts asks for none', async () => {
    const { asked, read } = await reading(['gnatsd_accountz_is_system'], { '/accountz': timeout });
    expect([asked, read.failures().map((each) => each.path)]).toEqual([
      ['/varz', '/accountz'],
      ['/accountz'],
    ]);
  });
});

describe('a reply of another shape', () => {
  it('is a failure that names server, path and field, once its samples were asked for', async () => {
    const { read, series, values } = await reading([pending], { '/jsz': { account_details: {} } });
    expect(read.failures()).toEqual([]);
    expect(values(pending)).toEqual([]);
    const message = 'east1 /jsz?consumers=true&config=true&raft=true: account_details: expected a list';
    expect(read.failureOf(series)).toEqual({ code: 'unexpected-shape', message });
    expect(read.failures().map((each) => each.failure.message)).toEqual([message]);
  });

  it('is one where accounts are no list', async () => {
    const { read, series } = await reading(['gnatsd_accountz_is_system'], { '/accountz': { accounts: 3 } });
    expect(read.failureOf(series)).toEqual({
      code: 'unexpected-shape',
      message: 'east1 /accountz: accounts: expected a list',
    });
  });

  it('is one where a reply is a list and no object', async () => {
    const { read, series, values } = await reading(['gnatsd_routez_num_routes'], { '/routez': [] });
    values('gnatsd_routez_num_routes');
    expect(read.failureOf(series)?.message).toBe('east1 /routez: reply: expected an object');
  });

  it('of /varz is no /varz, and says what is wrong', async () => {
    const { read } = await reading([], { '/varz': { server_name: 'east1' } });
    expect(read.varz).toMatchObject({
      ok: false,
      failure: { code: 'unexpected-shape', message: expect.stringMatching(/^east1 \/varz: /) as string },
    });
  });
});
