import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { understand } from '../../infra/settings.ts';
import { httpSource } from '../../lambdas/adapters/http/source.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { seconds } from '../../lambdas/durations.ts';
import type { RawReply, Source } from '../../lambdas/ports.ts';
import type { Reading } from '../../lambdas/readings/reading.ts';
import { run } from '../../lambdas/run/run.ts';
import { watchesOf } from '../../lambdas/run/watch.ts';
import { fakeWorld } from '../engine/fake-ports.ts';
import { serveRecorded } from '../replay.ts';

type Place = readonly (string | number)[];
type Change = (value: unknown) => unknown;

/** What a server, or whoever answers in its place, may put where something else is expected. */
const changes: Readonly<Record<string, Change>> = {
  null: () => null,
  nothing: () => undefined,
  'a text': () => 'soon',
  'a negative number': () => -3,
  'a huge number': () => 1e300,
  'a fraction': () => 0.5,
  'an empty list': () => [],
  'an empty object': () => ({}),
  'null entries': (value) => (Array.isArray(value) ? [null, ...(value as unknown[]), null] : [null]),
  'rows twice': (value) =>
    Array.isArray(value) ? [...(value as unknown[]), ...(value as unknown[])] : value,
  'a huge text': () => 'x'.repeat(100_000),
  'the name of what every object has': () => '__proto__',
};
const named = Object.entries(changes);
/** Of each check, evenly over its replies. */
const mostPlaces = 150;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Every place of a reply; of a list the first row and the last. */
function placesIn(value: unknown, at: Place = []): readonly Place[] {
  if (!isObject(value)) return [at];
  const keys = Array.isArray(value)
    ? [...new Set([0, value.length - 1])].filter((i) => i in value)
    : Object.keys(value);
  return [
    at,
    ...keys.flatMap((key) => placesIn((value as Record<string | number, unknown>)[key], [...at, key])),
  ];
}

function changed(reply: unknown, [key, ...rest]: Place, change: Change): unknown {
  if (key === undefined) return change(reply);
  const copy = (Array.isArray(reply) ? [...(reply as unknown[])] : { ...(reply as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = changed(copy[key], rest, change);
  if (copy[key] === undefined) Reflect.deleteProperty(copy, key);
  return copy;
}

/** Two looks of a check at a recorded scene, whose first server changes a reply in the second one. */
async function watching(id: string, scene: string) {
  const replay = await serveRecorded(path.join(import.meta.dirname, '../recorded/2.15.1', scene));
  const [check] = checks.filter((each) => each.id === id);
  const raw = {
    clusters: [
      {
        name: 'east',
        targets: replay.targets.map(({ name, url }) => ({ name, url })),
        expect: { services: ['orders'], accounts: ['APP'], imports: ['SHOP'], gateways: ['west'] },
      },
    ],
  };
  const { settings, book, translated } = understand(raw, 'hostile replies');
  const [watch] = watchesOf(settings, book, { ...translated.plan, groups: [] });
  if (check === undefined || watch === undefined) throw new Error('nothing to watch');
  const http = httpSource({ timeoutMs: seconds(60) });
  const replies = new Map<string, Promise<Reading<RawReply>>>();
  const askedLast = new Set<string>();
  const first = replay.targets[0]?.name ?? '';

  const looks = async (changing: string | null, place: Place, change: Change) => {
    const world = fakeWorld();
    const ports = world.ports();
    const reports = [];
    for (const look of [0, 1]) {
      const source: Source = {
        read: async (target, request) => {
          const key = `${target.name} ${request.path}`;
          const reply = replies.get(key) ?? http.read(target, request);
          replies.set(key, reply);
          if (look === 1) askedLast.add(key);
          const reading = await reply;
          if (key !== changing || look !== 1 || !reading.ok) return reading;
          return { ok: true, value: { ...reading.value, json: changed(reading.value.json, place, change) } };
        },
      };
      const at = replay.takenAt.getTime() + look * check.every;
      reports.push(await run(check, watch, { ...ports, source, now: () => at }, at));
    }
    const { warnings, taken } = world;
    const impossible = taken.datapoints.filter(({ value }) => !Number.isFinite(value) || value < 0);
    const outcomes =
      reports[1]?.entries.flatMap(({ diagnoses }) => diagnoses.map(({ outcome }) => outcome)) ?? [];
    return { warnings, impossible, outcomes };
  };
  await looks(null, [], (value) => value);
  const known = [...replies].filter(([key]) => askedLast.has(key) && key.startsWith(`${first} `));
  const asked = await Promise.all(known.map(async ([key, reply]) => [key, await reply] as const));
  return {
    looks,
    /** Replies of the first server in the second look, by what was asked for. */
    asked: asked.flatMap(([key, reading]) => (reading.ok ? [[key, reading.value.json] as const] : [])),
    stop: async () => {
      await http.close();
      await replay.stop();
    },
  };
}

describe.each([
  ['server-load', 'accounts'],
  ['cluster-links', 'links/healthy'],
  ['accounts', 'accounts'],
  ['clients', 'clients'],
  ['configuration', 'certificates'],
])('replies to %s that no server gives', (id, scene) => {
  it('end no run, and make no figure, wherever something else stands', async () => {
    const { looks, asked, stop } = await watching(id, scene);
    try {
      const places = asked.flatMap(([key, reply]) => placesIn(reply).map((place) => ({ key, place })));
      const all = places.filter((_, i) => i % Math.ceil(places.length / mostPlaces) === 0);
      for (const [i, { key, place }] of all.entries()) {
        const [words, change] = named[(i * 5) % named.length] ?? ['', () => null];
        const { warnings, impossible } = await looks(key, place, change);
        expect({ key, place, words, warnings, impossible }).toMatchObject({ warnings: [], impossible: [] });
      }
      expect(all.length).toBeGreaterThan(mostPlaces / 2);
    } finally {
      await stop();
    }
  });

  it('leave something unknown where nothing of one can be used', async () => {
    const { looks, asked, stop } = await watching(id, scene);
    try {
      for (const [key] of asked) {
        for (const [words, change] of named) {
          const { warnings, outcomes } = await looks(key, [], change);
          if (words === 'rows twice') continue;
          expect({ key, words, warnings, unknown: outcomes.includes('unknown') }).toEqual({
            ...{ key, words, warnings: [], unknown: true },
          });
        }
      }
    } finally {
      await stop();
    }
  });
});
