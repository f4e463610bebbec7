import { defineCheck, defineSeries, minutes } from '../define.ts';
import nameWithWhitespace from '../diagnoses/leaf/leaf-001-name-with-whitespace.ts';
import roundTrip from '../diagnoses/leaf/leaf-002-round-trip.ts';
import noneConnected from '../diagnoses/leaf/leaf-101-none-connected.ts';
import leafnodeGone from '../diagnoses/leaf/leaf-102-leafnode-gone.ts';
import remoteDown from '../diagnoses/leaf/leaf-103-remote-down.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';

export default defineCheck({
  id: 'leafnode-connections',
  title: 'Whether leafnodes are connected',
  group: 'leafnodes',
  every: minutes(1),
  answersFor: ['leafz'],
  diagnoses: [noneConnected, leafnodeGone, remoteDown, roundTrip, nameWithWhitespace, endpointUnreadable],
  series: [
    defineSeries({
      name: 'gnatsd_varz_leafnodes',
      help: 'Leafnode connections of the server, accepted and dialled',
      scope: 'server',
      unit: 'count',
      reads: {},
      observe: ({ varz }) => varz.leafnodes,
    }),
  ],
});
