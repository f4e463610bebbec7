import { readFileSync } from 'node:fs';
import { processMemory } from '../../lambdas/adapters/memory/file.ts';
import { defineCheck, hours, minutes, type Check } from '../../lambdas/define.ts';
import { limitBook } from '../../lambdas/engine/limit-book.ts';
import type { Datapoint, Memory, Message, Ports, RawReply } from '../../lambdas/ports.ts';
import type { Reading, Target } from '../../lambdas/readings/reading.ts';
import type { ClosedPage } from '../../lambdas/readings/decoders/closed.ts';
import { unsent } from '../../infra/local/look.ts';
import { emptyPlan } from '../../lambdas/rules/plan.ts';
import type { Watch } from '../../lambdas/run/watch.ts';
import { clusterFacts, failing, firstMinute } from '../kit.ts';
import { firstProcess } from '../readings/closing-server.ts';

const recorded = new URL('../recorded/2.15.1/alone/alone/', import.meta.url);
const rawReply = (endpoint: string) =>
  JSON.parse(readFileSync(new URL(`${endpoint}.json`, recorded), 'utf8')) as Readonly<
    Record<string, unknown>
  >;
export const rawVarz = rawReply('varz');
export const rawConnz = rawReply('connz');
const rawHealthz = rawReply('healthz');
const rawLeafz = rawReply('leafz');

/** What a server answers, by endpoint; a failing reading in place of a reply. */
export type Answers = {
  readonly varz?: Readonly<Record<string, unknown>> | Reading<never>;
  readonly connz?: Reading<never>;
  readonly leafz?: Reading<never>;
  /** Replies of other endpoints by their paths, with or without the query. */
  readonly paths?: Readonly<Record<string, object>>;
  /** The closed ring, page by page. */
  readonly closed?: ((page: { offset: number; limit: number }) => ClosedPage) | Reading<never>;
};

const ok = (json: unknown): Reading<RawReply> => ({ ok: true, value: { status: 200, json, bytes: 0 } });
const isFailure = (answer: object | undefined): answer is Reading<never> =>
  answer !== undefined && 'ok' in answer;

function rawPage(page: ClosedPage) {
  const time = (ms: number) => new Date(ms).toISOString();
  const connections = page.connections.map((row) => ({
    ...row,
    start: time(row.start),
    stop: time(row.stop),
  }));
  return { ...page, now: time(page.now), connections };
}

/** Each target is a server of its own; its first process is the one that `closingServer` begins with. */
const idOf = (server: string, process = firstProcess): string => `${server}-${process}`;

function answer(
  server: string,
  { varz = {}, connz, leafz, closed, paths = {} }: Answers,
  path: string,
): Reading<RawReply> {
  const { pathname, searchParams: query } = new URL(path, 'http://server');
  const id = !isFailure(varz) && typeof varz['server_id'] === 'string' ? varz['server_id'] : idOf(server);
  const given = paths[path] ?? paths[pathname];
  if (given !== undefined) return isFailure(given) ? given : ok(given);
  if (pathname === '/varz') return isFailure(varz) ? varz : ok({ ...rawVarz, server_id: id, ...varz });
  if (pathname === '/healthz') return ok(rawHealthz);
  if (pathname === '/leafz') return leafz ?? ok({ ...rawLeafz, server_id: id });
  if (query.get('state') !== 'closed') return connz ?? ok({ ...rawConnz, server_id: id });
  if (closed === undefined) return failing('status');
  if (isFailure(closed)) return closed;
  const page = closed({ offset: Number(query.get('offset')), limit: Number(query.get('limit')) });
  return ok({ ...rawPage(page), server_id: idOf(server, page.server_id) });
}

export const target = (name: string): Target => ({ name, url: `http://${name}:8222` });

export const watchOf = (check: Check, names: readonly string[] = ['n1']): Watch => ({
  facts: clusterFacts,
  targets: names.map(target),
  book: limitBook(check.diagnoses, {}).book,
  remindAfter: hours(24),
  lookBack: minutes(10),
  plan: emptyPlan,
});

export const checkOf = (changes: Partial<Check>): Check =>
  defineCheck({
    id: 'sample',
    title: 'Sample',
    group: 'servers',
    every: minutes(1),
    diagnoses: [],
    series: [],
    ...changes,
  });

/** A minute after the first, epoch ms. */
export const minute = (n: number): number => firstMinute + minutes(n);

export type Step = 'claim' | 'read' | 'save' | 'put' | 'publish' | 'clear';
type Kill = { readonly step: Step; readonly when: 'before' | 'after' };

/** The world of runs: servers that answer as they are told, sinks that take note, memory that outlives a killed run. */
export function fakeWorld(answers: Readonly<Record<string, Answers>> = { n1: {} }) {
  const memory = processMemory();
  const taken = { datapoints: [] as Datapoint[], messages: [] as Message[] };
  const world = {
    answers,
    /** What DNS says of each host; nothing of others. */
    addresses: {} as Readonly<Record<string, readonly string[]>>,
    taken,
    reads: [] as string[],
    warnings: [] as string[],
    memory,
    refuses: { put: false, publish: (message: Message): boolean => message.id === '' },
    /** The ports of one run. Where `kill` says so the process ends: nothing after it reaches the world. */
    ports(kill: Kill | null = null): Ports {
      let isDead = false;
      const step = async <T>(name: Step, effect: () => T | Promise<T>): Promise<T> => {
        const dies = (when: Kill['when']) => kill?.step === name && kill.when === when;
        isDead ||= dies('before');
        if (isDead) throw new Error(`killed at ${name}`);
        const result = await effect();
        isDead ||= dies('after');
        if (isDead) throw new Error(`killed after ${name}`);
        return result;
      };
      const remembering: Memory = {
        claim: (key, at) =>
          step('claim', async () => {
            const claimed = await memory.claim(key, at);
            if (claimed === null) return null;
            return {
              ...claimed,
              save: (state, outbox) => step('save', () => claimed.save(state, outbox)),
              clearOutbox: () => step('clear', () => claimed.clearOutbox()),
            };
          }),
      };
      return {
        source: {
          read: (from, { path }) =>
            step('read', () => {
              world.reads.push(`${from.name} ${path}`);
              const { hostname } = new URL(from.url);
              return answer(hostname, world.answers[hostname] ?? { varz: failing('unreachable') }, path);
            }),
        },
        names: {
          addresses: (host) => {
            const known = world.addresses[host];
            return Promise.resolve(known === undefined ? failing('dns') : { ok: true, value: known });
          },
        },
        handshakes: {
          certificate: (from, port) => {
            world.reads.push(`${from.name} :${port}`);
            return Promise.resolve(failing('tls'));
          },
        },
        memory: remembering,
        series: unsent,
        metrics: {
          put: (datapoints) =>
            step('put', () => {
              if (world.refuses.put) throw new Error('CloudWatch did not take them');
              taken.datapoints.push(...datapoints);
            }),
        },
        notices: {
          publish: (messages) =>
            step('publish', () => {
              if (messages.some(world.refuses.publish)) throw new Error('SNS did not take it');
              taken.messages.push(...messages);
            }),
        },
        log: {
          info: () => {},
          warn: (message, facts) =>
            void world.warnings.push(facts ? `${message} ${JSON.stringify(facts)}` : message),
        },
        now: () => firstMinute,
      };
    },
  };
  return world;
}
