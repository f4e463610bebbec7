import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import peersMissing from '../diagnoses/cluster/cluster-005-peers-missing.ts';
import gatewayLost from '../diagnoses/cluster/cluster-007-gateway-lost.ts';
import gatewaysDiffer from '../diagnoses/cluster/cluster-008-gateways-differ.ts';
import routeDead from '../diagnoses/cluster/cluster-111-route-dead.ts';
import split from '../diagnoses/cluster/cluster-112-split.ts';
import gatewayNeverUp from '../diagnoses/cluster/cluster-113-gateway-never-up.ts';
import gatewayOneWay from '../diagnoses/cluster/cluster-114-gateway-one-way.ts';
import linkCongested from '../diagnoses/cluster/cluster-115-link-congested.ts';
import interestLost from '../diagnoses/cluster/cluster-116-interest-lost.ts';
import expectedServers from '../diagnoses/cluster/cluster-117-expected-servers.ts';
import { missingRoutes } from '../diagnoses/links/reach.ts';
import routeRoundTrip from '../diagnoses/server/server-010-route-round-trip.ts';
import gatewayRoundTrip from '../diagnoses/server/server-018-gateway-round-trip.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

export default defineCheck({
  id: 'cluster-links',
  title: 'Routes and gateways between servers',
  group: 'links',
  every: minutes(1),
  answersFor: ['routez', 'gatewayz'],
  diagnoses: [
    split,
    gatewayLost,
    routeDead,
    peersMissing,
    gatewayNeverUp,
    gatewayOneWay,
    gatewaysDiffer,
    interestLost,
    expectedServers,
    linkCongested,
    routeRoundTrip,
    gatewayRoundTrip,
    endpointUnreadable,
  ],
  series: [
    defineSeries({
      name: 'nats_routes_missing',
      help: 'Pairs of watched servers of a cluster without a route to each other',
      scope: 'cluster',
      unit: 'count',
      reads: { routez: from() },
      observe: missingRoutes,
    }),
  ],
});
