import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Source } from '../../lambdas/ports.ts';
import { readBare } from './floor.ts';
import { recording } from './recording.ts';

const target = { name: 'hub1', url: 'http://hub1:8222' };
const asked = (path: string) => ({ path, statuses: [200] });

/** A source that answers when told to. */
function patient() {
  const answers = new Map<string, (bytes: number) => void>();
  const source: Source = {
    read: (_, { path }) =>
      new Promise((resolve) => {
        answers.set(path, (bytes) => resolve({ ok: true, value: { status: 200, json: {}, bytes } }));
      }),
  };
  return { source, answer: (path: string, bytes: number) => answers.get(path)?.(bytes) };
}

it('a request is recorded with its bytes and the one whose end it waited for', async () => {
  const { source, answer } = patient();
  const { source: recorded, requests } = recording(source);
  const varz = recorded.read(target, asked('/varz'));
  const page = recorded.read(target, asked('/connz?offset=0'));
  answer('/connz?offset=0', 200);
  await page;
  const next = recorded.read(target, asked('/connz?offset=256'));
  answer('/varz', 10);
  answer('/connz?offset=256', 300);
  await Promise.all([varz, next]);
  expect(requests).toEqual([
    { url: 'http://hub1:8222/varz', after: null, bytes: 10 },
    { url: 'http://hub1:8222/connz?offset=0', after: null, bytes: 200 },
    { url: 'http://hub1:8222/connz?offset=256', after: 1, bytes: 300 },
  ]);
});

it('a failed reading ends the recording, for the floor of a failure measures nothing', async () => {
  const failure = { code: 'timeout', message: 'hub1 /varz: no answer' } as const;
  const { source } = recording({ read: () => Promise.resolve({ ok: false, failure }) });
  await expect(source.read(target, asked('/varz'))).rejects.toThrow(failure.message);
});

let order: string[] = [];
const server = createServer((request, response) => {
  order.push(`asked ${request.url ?? ''}`);
  // The first waits for the second: made one after the other, they would never end.
  const isReady = () => order.length >= 2;
  const answer = () => {
    if (!isReady()) return setImmediate(answer);
    order.push(`answered ${request.url ?? ''}`);
    return response.end('{}');
  };
  answer();
});
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => server.close());

it('the floor makes the same requests, as parallel and in the same order', async () => {
  order = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await readBare([
    { url: `${url}/varz`, after: null },
    { url: `${url}/page1`, after: null },
    { url: `${url}/page2`, after: 1 },
  ]);
  expect(order.slice(0, 2).toSorted()).toEqual(['asked /page1', 'asked /varz']);
  expect(order.indexOf('asked /page2')).toBeGreaterThan(order.indexOf('answered /page1'));
  expect(order).toHaveLength(6);
});
