import { describe, expect, it, onTestFinished } from 'vitest';
import type { SeriesPoint } from '../../../lambdas/ports.ts';
import { waitUntil } from '../../services/wait.ts';
import { gauge, many, minute, total } from './sample-points.ts';
import { startOtlpServer } from './server.ts';
import { credentials, open, pointCounts, points, sinkTo } from './sink.ts';
import { signatureOf, signedBy } from './sigv4.ts';

describe('a request', () => {
  it('is a gzipped post of OTLP as JSON to /v1/metrics', async () => {
    const server = await open();
    await server.sink.put([gauge(12.5), total(7)]);
    const [request] = server.received;
    expect([
      request?.method,
      request?.path,
      request?.headers['content-type'],
      request?.headers['content-encoding'],
    ]).toEqual(['POST', '/v1/metrics', 'application/json', 'gzip']);
    expect(points(server)).toEqual([[gauge(12.5), total(7)]]);
  });

  it('is smaller on its way than what is in it', async () => {
    const server = await open();
    await server.sink.put(many(1_000));
    const [request] = server.received;
    expect(request?.raw.length).toBeLessThan((request?.text.length ?? 0) / 10);
  });

  it('goes to the path that the endpoint has before /v1/metrics', async () => {
    const server = await startOtlpServer();
    onTestFinished(server.stop);
    await sinkTo(`${server.url}/proxy/`).sink.put([gauge(1)]);
    expect(server.received.map(({ path }) => path)).toEqual(['/proxy/v1/metrics']);
  });

  it('is signed for monitoring in the Region by the client credentials, over host, type, encoding and token', async () => {
    const server = await open();
    await server.sink.put([gauge(1)]);
    const [request] = server.received;
    if (request === undefined) throw new Error('nothing was received');
    expect(signedBy(request)).toEqual({
      accessKeyId: 'AKIDEXAMPLE',
      region: 'eu-west-1',
      service: 'monitoring',
      signedHeaders: [
        'content-encoding',
        'content-type',
        'host',
        'x-amz-content-sha256',
        'x-amz-date',
        'x-amz-security-token',
      ],
      signature: signatureOf(request, credentials.secretAccessKey),
    });
  });

  it('is signed without a token where there is none', async () => {
    const { accessKeyId, secretAccessKey } = credentials;
    const server = await open(undefined, { credentials: { accessKeyId, secretAccessKey } });
    await server.sink.put([gauge(1)]);
    const [request] = server.received;
    if (request === undefined) throw new Error('nothing was received');
    expect([request.headers['x-amz-security-token'], signedBy(request).signature]).toEqual([
      undefined,
      signatureOf(request, secretAccessKey),
    ]);
  });

  it('is none where there are no points', async () => {
    const server = await open();
    expect([await server.sink.put([]), server.received]).toEqual([
      { offered: 0, refused: [], rejected: 0, messages: [] },
      [],
    ]);
  });

  it('is one up to 1,000 points, and two beyond, and all arrive', async () => {
    const [within, beyond] = [await open(), await open()];
    await within.sink.put(many(1_000));
    await beyond.sink.put(many(1_001));
    expect([pointCounts(within), pointCounts(beyond).toSorted()]).toEqual([[1_000], [1, 1_000]]);
  });

  it('leaves no socket open behind it', async () => {
    const server = await open();
    await server.sink.put([gauge(1)]);
    await waitUntil('its connection to be closed', server.connections, (open) => open === 0);
  });
});

describe('a point that CloudWatch would not take', () => {
  const labels = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`label_${i}`, 'x']));
  const label = (bytes: number) => ({ text: 'x'.repeat(bytes - 'text'.length) });

  const refused: readonly [string, SeriesPoint, string][] = [
    ['NaN', gauge(NaN), 'its value is NaN, and only finite ones can be sent'],
    ['infinite', total(-Infinity), 'its value is -Infinity, and only finite ones can be sent'],
    ['without a time', gauge(1, { at: NaN }), 'its time is NaN, not whole milliseconds'],
    ['started at no time', total(1, NaN), 'its start time is NaN, not whole milliseconds'],
    ['of 151 labels', gauge(1, { labels: labels(151) }), 'it has 151 labels, at most 150'],
    [
      'of 40,961 bytes of labels',
      gauge(1, { labels: label(40_961) }),
      'its labels have 40961 bytes, at most 40960',
    ],
  ];
  it.each(refused)('is left out and told of where it is %s', async (_what, bad, why) => {
    const server = await open();
    const { refused: reported, offered } = await server.sink.put([gauge(1), bad]);
    expect([offered, reported.map((each) => each.why), points(server)]).toEqual([2, [why], [[gauge(1)]]]);
  });

  it('is named in one warning', async () => {
    const { sink, warnings } = await open();
    await sink.put([gauge(1), gauge(NaN), ...many(11).map((point) => ({ ...point, value: Infinity }))]);
    const refused = expect.arrayContaining([
      {
        series: 'gnatsd_varz_connections{cluster="eu", server_id="hub-1"}',
        why: 'its value is NaN, and only finite ones can be sent',
      },
    ]) as unknown;
    expect(warnings).toEqual([['12 of 13 points cannot be sent to CloudWatch by OTLP', { refused }]]);
    expect(warnings).toHaveProperty('0.1.refused.length', 10);
  });

  it('costs no request where there is no other', async () => {
    const server = await open();
    await server.sink.put([gauge(NaN)]);
    expect(server.received).toEqual([]);
  });

  it.each([
    ['150 labels', labels(150)],
    ['40,960 bytes of labels', label(40_960)],
  ])('is not one of %s', async (_what, some) => {
    const server = await open();
    await server.sink.put([gauge(1, { labels: some })]);
    expect(points(server)).toEqual([[gauge(1, { labels: some })]]);
  });
});

describe('an answer of 200', () => {
  const answering = async (body: string) => {
    const { sink, warnings } = await open(() => ({ status: 200, body }));
    const { rejected, messages } = await sink.put([gauge(1), total(2), gauge(3, { at: minute - 60_000 })]);
    return { rejected, messages, warnings };
  };
  const quiet = { rejected: 0, messages: [], warnings: [] };

  it.each([
    '',
    '{}',
    '{"partialSuccess":{}}',
    '{"partialSuccess":null}',
    '{"partialSuccess":{"rejectedDataPoints":"0"}}',
  ])('without a complaint (%s) is silence', async (body) => {
    expect(await answering(body)).toEqual(quiet);
  });

  it.each(['2', '"2"'])(
    'that rejects points (%s) is told of with their number and the reason',
    async (count) => {
      const body = `{"partialSuccess":{"rejectedDataPoints":${count},"errorMessage":"Timestamp too old"}}`;
      expect(await answering(body)).toEqual({
        rejected: 2,
        messages: ['Timestamp too old'],
        warnings: [['CloudWatch rejected 2 of 3 points by OTLP', { messages: ['Timestamp too old'] }]],
      });
    },
  );

  it('that rejects none and warns is told of', async () => {
    expect(await answering('{"partialSuccess":{"errorMessage":"labels will be limited"}}')).toEqual({
      rejected: 0,
      messages: ['labels will be limited'],
      warnings: [['CloudWatch rejected 0 of 3 points by OTLP', { messages: ['labels will be limited'] }]],
    });
  });

  it.each(['<html>', '[]', '{"partialSuccess":{"rejectedDataPoints":"some"}}'])(
    'that is not of OTLP (%s) is told of',
    async (body) => {
      expect((await answering(body)).messages).toEqual([`an unreadable answer: ${body}`]);
    },
  );

  it('is summed over all requests, each message reported once', async () => {
    const body = '{"partialSuccess":{"rejectedDataPoints":3,"errorMessage":"Timestamp too old"}}';
    const { sink } = await open(() => ({ status: 200, body }));
    expect(await sink.put(many(2_500))).toEqual({
      offered: 2_500,
      refused: [],
      rejected: 9,
      messages: ['Timestamp too old'],
    });
  });
});
