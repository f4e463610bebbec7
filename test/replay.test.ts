import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveRecorded } from './replay.ts';
import type { Replay } from './replay.ts';

const recorded = path.join(import.meta.dirname, 'recorded');
const scene = '2.15.1/trouble/2';
const file = (...parts: readonly string[]): string =>
  readFileSync(path.join(recorded, scene, ...parts), 'utf8');

type Page = {
  readonly num_connections: number;
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
  readonly connections: readonly {
    readonly cid: number;
    readonly account?: string;
    readonly reason: string;
  }[];
};

let replay: Replay;
beforeAll(async () => {
  replay = await serveRecorded(path.join(recorded, scene));
});
afterAll(() => replay.stop());

function url(target: string, request: string): string {
  const found = replay.targets.find(({ name }) => name === target);
  return `${found?.url ?? `http://no-target-${target}`}${request}`;
}
const page = async (request: string): Promise<Page> =>
  (await (await fetch(url('hub1', request))).json()) as Page;

describe('a replay', () => {
  it('has every server of the scene, at the time of the recording', () => {
    expect(replay.targets.map(({ name }) => name)).toEqual(['hub1', 'hub2', 'leaf1', 'leaf2']);
    const { takenAt } = JSON.parse(file('scene.json')) as { readonly takenAt: string };
    expect(replay.takenAt.toISOString()).toBe(takenAt);
  });

  it.each([
    ['/varz', 'varz'],
    ['/leafz', 'leafz'],
    ['/leafz?subs=1', 'leafz-subs'],
    ['/healthz?details=true', 'healthz'],
  ])('answers %s word by word', async (request, name) => {
    expect(await (await fetch(url('hub1', request))).text()).toBe(file('hub1', `${name}.json`));
  });

  it('refuses connections to a server that was down', async () => {
    await expect(fetch(url('leaf2', '/varz'))).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  it('answers 404 to what was not recorded', async () => {
    expect((await fetch(url('hub1', '/gatewayz'))).status).toBe(404);
  });

  it('has the health of a draining server with its status', async () => {
    const draining = await serveRecorded(path.join(recorded, '2.9.10/lame-duck'));
    const health = await fetch(`${draining.targets[0]?.url}/healthz`);
    expect([health.status, health.headers.get('content-type')]).toEqual([503, 'text/plain; charset=utf-8']);
    await draining.stop();
  });

  it('shows the leafnodes of one account only when asked for it', async () => {
    const leafs = async (account: string): Promise<unknown> =>
      (await fetch(url('hub1', `/leafz?subs=1&acc=${account}`))).json();
    expect(await leafs('APP')).toMatchObject({ leafnodes: 1, leafs: [{ name: 'leaf1' }] });
    expect(await leafs('SYS')).toMatchObject({ leafnodes: 0, leafs: [] });
  });
});

describe('closed connections in a replay', () => {
  const closed = '/connz?state=closed&sort=stop&auth=1';
  const all = (JSON.parse(file('hub1', 'closed.json')) as Page).connections;

  it('come newest first, in pages that say where they are', async () => {
    const second = await page(`${closed}&limit=10&offset=10`);
    expect(second).toMatchObject({ num_connections: 10, total: all.length, offset: 10, limit: 10 });
    expect(second.connections).toEqual(all.slice(10, 20));
  });

  it('end with a short page, then an empty one', async () => {
    const last = await page(`${closed}&limit=10&offset=${all.length - 1}`);
    expect(last.connections).toEqual(all.slice(-1));
    expect(await page(`${closed}&limit=10&offset=${all.length}`)).toMatchObject({
      num_connections: 0,
      connections: [],
    });
  });

  it('come at most 1024 at a time without a limit, by id without an order', async () => {
    const reply = await page('/connz?state=closed&auth=1');
    expect(reply).toMatchObject({ limit: 1024, offset: 0 });
    expect(reply.connections.map(({ cid }) => cid)).toEqual(
      all.map(({ cid }) => cid).toSorted((a, b) => a - b),
    );
  });

  it('come without accounts unless auth is asked for', async () => {
    const accounts = async (request: string): Promise<ReadonlySet<string | undefined>> =>
      new Set((await page(request)).connections.map(({ account }) => account));
    expect(await accounts(closed)).toEqual(new Set(['APP', undefined]));
    expect(await accounts('/connz?state=closed&sort=stop')).toEqual(new Set([undefined]));
  });

  it('cannot be had of open connections by the time they stopped', async () => {
    expect((await fetch(url('hub1', '/connz?sort=stop'))).status).toBe(400);
  });
});

describe('open connections in a replay', () => {
  it('are those that /varz counts, with the leafnodes that 2.15.1 adds', async () => {
    const { connections, leafnodes } = JSON.parse(file('hub1', 'varz.json')) as {
      readonly connections: number;
      readonly leafnodes: number;
    };
    expect(await page('/connz?auth=1')).toMatchObject({ total: connections + leafnodes });
  });
});
