import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MonitoringRequest, Source } from '../../lambdas/ports.ts';
import type { Reading } from '../../lambdas/readings/reading.ts';
import { endpoints, readEndpoint } from '../../lambdas/readings/endpoints.ts';
import type { Endpoint } from '../../lambdas/readings/endpoints.ts';
import { leafJson, leafzJson } from './decoders/samples.ts';

const target = { name: 'hub1', url: 'http://10.0.0.1:8222' };

const replying = (json: unknown, status = 200): Source => ({
  read: () => Promise.resolve({ ok: true, value: { status, json, bytes: 2 } }),
});

it('asks for what NATS understands', async () => {
  const requests: MonitoringRequest[] = [];
  const recording: Source = {
    read: (_, request) => {
      requests.push(request);
      return Promise.resolve({ ok: false, failure: { code: 'timeout', message: '' } });
    },
  };
  await readEndpoint(recording, target, endpoints.varz);
  await readEndpoint(recording, target, endpoints.leafz);
  await readEndpoint(recording, target, endpoints.leafzSubs('A & B'));
  await readEndpoint(recording, target, endpoints.healthz);
  await readEndpoint(recording, target, endpoints.routez);
  await readEndpoint(recording, target, endpoints.gatewayz);
  await readEndpoint(recording, target, endpoints.raftz({ account: 'A & B', group: 'S-R3F-x' }));
  await readEndpoint(recording, target, endpoints.accstatz);
  await readEndpoint(recording, target, endpoints.account({ account: 'A & B' }));
  await readEndpoint(recording, target, endpoints.subscribers({ account: 'A & B' }));
  await readEndpoint(recording, target, endpoints.subscriptions('A & B'));
  await readEndpoint(recording, target, endpoints.connz(50));
  await readEndpoint(recording, target, endpoints.clientsPage({ offset: 4_096, limit: 4_096 }, false));
  await readEndpoint(recording, target, endpoints.clientsBy('rtt', 64, true));
  await readEndpoint(recording, target, endpoints.clientSubjects(7));
  await readEndpoint(recording, target, endpoints.listeners('$SRV.PING.orders', 'A & B'));
  await readEndpoint(recording, target, endpoints.listeners('$SRV.PING.orders'));
  await readEndpoint(recording, target, endpoints.closedPage({ offset: 256, limit: 1_024 }));
  expect(requests).toEqual([
    { path: '/varz', statuses: [200] },
    { path: '/leafz', statuses: [200] },
    { path: '/leafz?subs=1&acc=A%20%26%20B', statuses: [200] },
    { path: '/healthz?details=true', statuses: [200, 500, 503] },
    { path: '/routez', statuses: [200] },
    { path: '/gatewayz', statuses: [200] },
    { path: '/raftz?acc=A%20%26%20B&group=S-R3F-x', statuses: [200] },
    { path: '/accstatz?unused=1', statuses: [200] },
    { path: '/accountz?acc=A%20%26%20B', statuses: [200] },
    { path: '/connz?acc=A%20%26%20B&sort=subs&limit=5', statuses: [200] },
    { path: '/subsz?subs=1&limit=4096&acc=A%20%26%20B', statuses: [200] },
    { path: '/connz?auth=1&sort=cid&limit=50', statuses: [200] },
    { path: '/connz?auth=1&sort=cid&limit=4096&offset=4096', statuses: [200] },
    { path: '/connz?auth=1&sort=rtt&limit=64', statuses: [200] },
    { path: '/connz?subs=1&cid=7', statuses: [200] },
    { path: '/subsz?subs=1&limit=4096&acc=A%20%26%20B&test=%24SRV.PING.orders', statuses: [200] },
    { path: '/subsz?subs=1&limit=4096&test=%24SRV.PING.orders', statuses: [200] },
    { path: '/connz?state=closed&sort=stop&limit=1024&offset=256', statuses: [200] },
  ]);
});

it('gives the decoded reply', async () => {
  expect(
    await readEndpoint(replying({ status: 'error', error: 'down' }, 503), target, endpoints.healthz),
  ).toEqual({
    ok: true,
    value: { http_status: 503, status: 'error', error: 'down', errors: [] },
  });
});

it("passes a target's failure on", async () => {
  const failure = { code: 'timeout', message: 'hub1 /varz: no answer within 5 s' } as const;
  const silent: Source = { read: () => Promise.resolve({ ok: false, failure }) };
  expect(await readEndpoint(silent, target, endpoints.varz)).toEqual({ ok: false, failure });
});

it('names target, endpoint, path and value of a reply of another shape', async () => {
  const json = leafzJson([leafJson({ subscriptions: 'many' })]);
  expect(await readEndpoint(replying(json), target, endpoints.leafz)).toEqual({
    ok: false,
    failure: {
      code: 'unexpected-shape',
      message:
        'hub1 /leafz: leafs[0].subscriptions: expected number, received string "many" ' +
        '(no nats-server, or an older one than 2.9.10, or one newer than this project knows)',
    },
  });
});

it.each<[string, Endpoint<unknown>]>([
  ['varz', endpoints.varz],
  ['leafz', endpoints.leafz],
  ['healthz', endpoints.healthz],
  ['routez', endpoints.routez],
  ['gatewayz', endpoints.gatewayz],
  ['connz', endpoints.connz(1)],
  ['closedPage', endpoints.closedPage({ offset: 0, limit: 1 })],
])('%s never rejects, whatever JSON comes', async (_, endpoint) => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (json) => {
      const reading: Reading<unknown> = await readEndpoint(replying(json), target, endpoint);
      expect(reading).toMatchObject({ ok: false, failure: { code: 'unexpected-shape' } });
    }),
  );
});
