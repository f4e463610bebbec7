import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import roundTrip from '../diagnoses/conn/conn-001-client-round-trip.ts';
import pending from '../diagnoses/conn/conn-002-client-pending.ts';
import clientLibrary from '../diagnoses/conn/conn-111-client-library.ts';
import withoutName from '../diagnoses/conn/conn-112-clients-without-name.ts';
import manyOfOneName from '../diagnoses/conn/conn-113-one-name-many-connections.ts';
import connectionsLeak from '../diagnoses/conn/conn-114-connections-leak.ts';
import subscriptionsGrow from '../diagnoses/conn/conn-121-subscriptions-grow.ts';
import identicalSubscriptions from '../diagnoses/conn/conn-122-identical-subscriptions.ts';
import subscriptionsNearMaximum from '../diagnoses/conn/conn-123-subscriptions-near-maximum.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';
import libraryMismatch from '../diagnoses/service/service-001-library-mismatch.ts';
import serviceDown from '../diagnoses/service/service-002-down.ts';
import bearerToken from '../diagnoses/user/user-001-bearer-token.ts';
import manyOfOneUser from '../diagnoses/user/user-002-many-connections.ts';

/**
 * One request a server for up to 4,096 connections, four for more, which are read page by page; one more for a client with very
 * many subscriptions, and one for each service that settings expect.
 */
export default defineCheck({
  id: 'clients',
  title: 'Clients: round trips, backlogs, libraries, leaks, services',
  group: 'clients',
  every: minutes(5),
  answersFor: ['clients', 'services'],
  diagnoses: [
    pending,
    roundTrip,
    connectionsLeak,
    manyOfOneName,
    subscriptionsNearMaximum,
    subscriptionsGrow,
    identicalSubscriptions,
    serviceDown,
    libraryMismatch,
    clientLibrary,
    withoutName,
    manyOfOneUser,
    bearerToken,
    endpointUnreadable,
  ],
  series: [
    defineSeries({
      name: 'nats_client_most_pending_bytes',
      help: 'Bytes that wait for the client of the cluster that has most waiting',
      scope: 'cluster',
      unit: 'bytes',
      reads: { clients: from() },
      observe: (servers) =>
        Math.max(0, ...servers.map(({ clients }) => clients.most.pending?.[0]?.pending_bytes ?? 0)),
    }),
  ],
});
