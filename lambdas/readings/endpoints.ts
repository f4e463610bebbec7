import type { PageAsked } from './closed-ring/pages.ts';
import type { Reading, Target } from './reading.ts';
import type { ClientOrder } from './clients.ts';
import type { MonitoringRequest, Source } from './source.ts';
import { decodeAccount, type Accountz } from './decoders/account.ts';
import { decodeAnswerer, type Answerer } from './decoders/answerer.ts';
import { decodeAccstatz, type Accstatz } from './decoders/accstatz.ts';
import { decodeAssets, decodeBareAssets } from './decoders/assets.ts';
import type { Assets, ToldBefore, Untold } from './decoders/assets.ts';
import { decodeClients } from './decoders/clients.ts';
import type { ClientsPage } from './decoders/clients.ts';
import { decodeClientSubjects } from './decoders/client-subjects.ts';
import type { ClientSubjects } from './decoders/client-subjects.ts';
import { decodeClosed } from './decoders/closed.ts';
import type { ClosedPage } from './decoders/closed.ts';
import { decodeConnz } from './decoders/connz.ts';
import type { Connz } from './decoders/connz.ts';
import type { Decoded } from './decoders/decoded.ts';
import { decodeGatewayz } from './decoders/gatewayz.ts';
import type { Gatewayz } from './decoders/gatewayz.ts';
import { decodeHealthz } from './decoders/healthz.ts';
import type { Healthz } from './decoders/healthz.ts';
import { decodeJsz } from './decoders/jsz.ts';
import type { Jsz } from './decoders/jsz.ts';
import { decodeLeafz } from './decoders/leafz.ts';
import type { Leafz } from './decoders/leafz.ts';
import { decodeRaftz } from './decoders/raftz.ts';
import type { Raftz } from './decoders/raftz.ts';
import { decodeRoutez } from './decoders/routez.ts';
import type { Routez } from './decoders/routez.ts';
import { decodeSubsz } from './decoders/subsz.ts';
import type { Subsz } from './decoders/subsz.ts';
import { decodeSubscribers, type Subscribers } from './decoders/subscribers.ts';
import { decodeVarz } from './decoders/varz.ts';
import type { Varz } from './decoders/varz.ts';

export type {
  Accountz,
  Accstatz,
  Answerer,
  Assets,
  ClosedPage,
  Connz,
  Gatewayz,
  Healthz,
  Jsz,
  Leafz,
  Raftz,
  Routez,
  Subscribers,
  Varz,
};

/** What to ask for and how to read the answer. */
export type Endpoint<T> = {
  readonly request: MonitoringRequest;
  readonly decode: (json: unknown, httpStatus: number) => Decoded<T>;
};

/** More than any server has; `/jsz` shows 1,024 accounts unless it is told. */
const allAccounts = 1_000_000;

/** Beyond so many instances of a service it does not matter how many there are. */
const mostListeners = 4_096;
/** Rows of an account's subscriptions, which come in another order each time, so that there is no second page: 0.6 MB. */
export const mostSubscriptions = 4_096;
const fewSubscribers = 5;

/**
 * Replies that tell who gives them, however much a server holds: an account and a connection that no server has. Each costs a
 * server less than `/varz` does.
 */
const telling = ['/jsz', '/leafz?acc=-', '/routez', '/gatewayz', `/connz?cid=${2n ** 64n - 1n}&limit=1`];

/** Every request that checks make of a server. */
export const endpoints = {
  varz: okEndpoint('/varz', decodeVarz),

  /** Who answers elsewhere than at `/varz`: at another path each time. */
  answerer: (turn: number): Endpoint<Answerer> =>
    // Each of them, be it asked for in each run or in each fifth.
    okEndpoint(
      telling[(turn + Math.floor(turn / telling.length)) % telling.length] ?? '/jsz',
      decodeAnswerer,
    ),

  leafz: okEndpoint('/leafz', decodeLeafz),

  /** One account's leafnodes with the subjects they subscribe to. */
  leafzSubs: (account: string): Endpoint<Leafz> =>
    okEndpoint(`/leafz?subs=1&acc=${encodeURIComponent(account)}`, decodeLeafz),

  healthz: {
    request: { path: '/healthz?details=true', statuses: [200, 500, 503] },
    decode: decodeHealthz,
  } satisfies Endpoint<Healthz>,

  jsz: okEndpoint('/jsz', decodeJsz),

  /** Streams of all accounts, or these with their consumers, in one reply: pages repeat and miss accounts before 2.15. */
  assets: (which: 'streams' | 'consumers'): Endpoint<Assets> =>
    okEndpoint(`/jsz?${which}=true&config=true&limit=${allAccounts}`, decodeAssets),

  /** The same without their configurations, which were told before. */
  bareAssets: (which: 'streams' | 'consumers', toldBefore: ToldBefore): Endpoint<Assets | Untold> =>
    okEndpoint(`/jsz?${which}=true&limit=${allAccounts}`, decodeBareAssets(toldBefore)),

  routez: okEndpoint('/routez', decodeRoutez),

  gatewayz: okEndpoint('/gatewayz', decodeGatewayz),

  /** One raft group of an account. */
  raftz: ({ account, group }: { readonly account: string; readonly group: string }): Endpoint<Raftz> =>
    okEndpoint(`/raftz?acc=${encodeURIComponent(account)}&group=${encodeURIComponent(group)}`, decodeRaftz),

  /** All accounts that the server knows, those that nobody uses too. */
  accstatz: okEndpoint('/accstatz?unused=1', decodeAccstatz),

  account: ({ account }: { readonly account: string }): Endpoint<Accountz> =>
    okEndpoint(`/accountz?acc=${encodeURIComponent(account)}`, decodeAccount),

  /** The connections of an account that have most subscriptions. */
  subscribers: ({ account }: { readonly account: string }): Endpoint<Subscribers> =>
    okEndpoint(`/connz?acc=${encodeURIComponent(account)}&sort=subs&limit=${fewSubscribers}`, (json) =>
      decodeSubscribers(account, json),
    ),

  /** Open connections with their accounts, the oldest first. */
  connz: (limit: number): Endpoint<Connz> => okEndpoint(`/connz?auth=1&sort=cid&limit=${limit}`, decodeConnz),

  /** A page of open connections with who logged in, the oldest first. */
  clientsPage: ({ offset, limit }: PageAsked, showsTokens: boolean): Endpoint<ClientsPage> =>
    okEndpoint(`/connz?auth=1&sort=cid&limit=${limit}&offset=${offset}`, decodeClients(showsTokens)),

  /** The open connections that come first in an order, the largest first. */
  clientsBy: (order: ClientOrder, limit: number, showsTokens: boolean): Endpoint<ClientsPage> =>
    okEndpoint(`/connz?auth=1&sort=${order}&limit=${limit}`, decodeClients(showsTokens)),

  /** What one client subscribes to. */
  clientSubjects: (cid: number): Endpoint<ClientSubjects> =>
    okEndpoint(`/connz?subs=1&cid=${cid}`, decodeClientSubjects),

  /**
   * Which of its clients listen to a subject, wildcards included. The server goes through all their subscriptions, or those
   * of an account.
   */
  listeners: (subject: string, account?: string): Endpoint<Subsz> =>
    okEndpoint(
      `/subsz?subs=1&limit=${mostListeners}${account === undefined ? '' : `&acc=${encodeURIComponent(account)}`}&test=${encodeURIComponent(subject)}`,
      decodeSubsz,
    ),

  /** Subscriptions of an account that clients, streams and services of this server hold: none of leafnodes or of other servers. */
  subscriptions: (account: string): Endpoint<Subsz> =>
    okEndpoint(`/subsz?subs=1&limit=${mostSubscriptions}&acc=${encodeURIComponent(account)}`, decodeSubsz),

  /** A page of the closed ring, newest rows first, with their accounts or without. */
  closedPage: ({ offset, limit }: PageAsked, { accounts } = { accounts: false }): Endpoint<ClosedPage> =>
    okEndpoint(
      `/connz?state=closed&sort=stop${accounts ? '&auth=1' : ''}&limit=${limit}&offset=${offset}`,
      decodeClosed,
    ),
} as const;

/** What each endpoint's reading holds. */
export type Replies = {
  readonly varz: Varz;
  readonly leafz: Leafz;
  readonly leafzSubs: Leafz;
  readonly healthz: Healthz;
  readonly routez: Routez;
  readonly gatewayz: Gatewayz;
  readonly raftz: Raftz;
  readonly connz: Connz;
  readonly closedPage: ClosedPage;
};

/**
 * One request to one target, decoded. Never rejects: a reply of another shape is `unexpected-shape`.
 * @param attempt how often it was asked for before
 */
export async function readEndpoint<T>(
  source: Source,
  target: Target,
  endpoint: Endpoint<T>,
  attempt = 0,
): Promise<Reading<T>> {
  const { request } = endpoint;
  const reading = await source.read(target, attempt === 0 ? request : { ...request, attempt });
  if (!reading.ok) return reading;
  const decoded = endpoint.decode(reading.value.json, reading.value.status);
  if (decoded.ok) return decoded;
  const message =
    `${target.name} ${endpoint.request.path}: ${decoded.problem} ` +
    '(no nats-server, or an older one than 2.9.10, or one newer than this project knows)';
  return { ok: false, failure: { code: 'unexpected-shape', message } };
}

function okEndpoint<T>(path: string, decode: (json: unknown) => Decoded<T>): Endpoint<T> {
  return { request: { path, statuses: [200] }, decode };
}
