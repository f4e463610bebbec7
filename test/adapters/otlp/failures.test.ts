import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { decodeExport } from './decode.ts';
import { gauge, many, total } from './sample-points.ts';
import { startOtlpServer } from './server.ts';
import { credentials, open, pointCounts, points, sinkTo } from './sink.ts';

const ok = { status: 200, body: '{}' };
const failure = async (put: Promise<unknown>): Promise<string> =>
  put.then(
    () => 'no failure',
    (error: unknown) => String(error),
  );

describe('a request that fails', () => {
  it.each([429, 500, 502, 503, 504])('with %i is made again, at most twice', async (status) => {
    const server = await open((_, before) => (before < 2 ? { status, body: '' } : ok));
    await server.sink.put([gauge(1)]);
    expect([points(server), server.paused]).toEqual([Array(3).fill([gauge(1)]), [250, 1_000]]);
  });

  it('by a cut connection is made again', async () => {
    const server = await open((_, before) => (before < 2 ? 'reset' : ok));
    await server.sink.put([gauge(1)]);
    expect([pointCounts(server), server.paused]).toEqual([
      [1, 1, 1],
      [250, 1_000],
    ]);
  });

  it('with what will not pass is not made again', async () => {
    for (const status of [302, 400, 401, 403, 404, 413]) {
      const server = await open(() => ({ status, body: 'no' }));
      await failure(server.sink.put([gauge(1)]));
      expect([status, server.received.length]).toEqual([status, 1]);
    }
  });

  it('for the third time rejects with endpoint, status and how the answer begins', async () => {
    const server = await open(() => ({ status: 503, body: `Service\n  Unavailable ${'x'.repeat(1_000)}` }));
    const words = `Service Unavailable ${'x'.repeat(280)}`;
    expect(await failure(server.sink.put([gauge(1), total(2)]))).toBe(
      'AggregateError: CloudWatch did not take 2 of 2 points by OTLP (the first is ' +
        'gnatsd_varz_connections{cluster="eu", server_id="hub-1"}): ' +
        `Error: ${server.url}/v1/metrics answered 503: ${words}`,
    );
  });

  it.each([
    [403, 'answered 403 (the role needs cloudwatch:PutMetricData): {"message":"not authorized"}'],
    [404, 'answered 404 (does CloudWatch take OTLP metrics in this Region?): {"message":"not authorized"}'],
  ])('with %i says what to do', async (status, words) => {
    const { sink } = await open(() => ({ status, body: '{"message":"not authorized"}' }));
    expect(await failure(sink.put([gauge(1)]))).toContain(words);
  });

  it('for want of an answer says for how long it waited, three times over', async () => {
    const server = await open(() => 'silence', { timeoutMs: 500 });
    expect(await failure(server.sink.put([gauge(1)]))).toContain(
      '/v1/metrics gave no answer within 0.5 s (security group, route or VPC endpoint)',
    );
    expect(server.received.length).toBe(3);
  });

  it('for want of a server says so', async () => {
    const server = await startOtlpServer();
    await server.stop();
    const { sink, paused } = sinkTo(server.url);
    expect(await failure(sink.put([gauge(1)]))).toContain(
      '/v1/metrics could not be connected to: ECONNREFUSED',
    );
    expect(paused).toEqual([250, 1_000]);
  });

  it('for want of credentials says so, at once', async () => {
    const server = await open(undefined, {
      credentials: () => Promise.reject(new Error('no credentials found')),
    });
    expect(await failure(server.sink.put([gauge(1)]))).toContain('no credentials found');
    expect([server.received, server.paused]).toEqual([[], []]);
  });

  it.each([
    ['the session token', (headers: IncomingHttpHeaders) => headers['x-amz-security-token'], 'quoted ***'],
    [
      'the authorization',
      (headers: IncomingHttpHeaders) => headers.authorization?.replace(/.*(?=Signature)/, ''),
      'quoted Signature=***',
    ],
    ['the access key', () => credentials.accessKeyId, 'quoted ***'],
    ['the secret key', () => credentials.secretAccessKey, 'quoted ***'],
  ])('does not repeat %s where the answer quotes it', async (_what, quoted, shown) => {
    const { sink } = await open(({ headers }) => ({
      status: 403,
      body: JSON.stringify(`quoted ${String(quoted(headers))}`).replaceAll('/', '\\/'),
    }));
    expect(await failure(sink.put([gauge(1)]))).toMatch(new RegExp(`: "${shown.replaceAll('*', '\\*')}"$`));
  });

  it('does not keep the others from arriving, nor what they say from being told', async () => {
    const partial = '{"partialSuccess":{"rejectedDataPoints":1,"errorMessage":"Timestamp too old"}}';
    const server = await open(({ text }) =>
      decodeExport(text).length === 1_000 ? { status: 400, body: 'no' } : { status: 200, body: partial },
    );
    const error: unknown = await server.sink
      .put([...many(1_000), total(5)])
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      report: { offered: 1_001, refused: [], rejected: 1, messages: ['Timestamp too old'] },
      lost: 1_000,
    });
    expect(String(error)).toContain(
      'CloudWatch did not take 1000 of 1001 points by OTLP (the first is gnatsd_varz_connections{server_id="hub-0"})',
    );
    expect([pointCounts(server).toSorted(), server.warnings]).toEqual([
      [1, 1_000],
      [['CloudWatch rejected 1 of 1001 points by OTLP', { messages: ['Timestamp too old'] }]],
    ]);
  });
});
