import { defineCheck, defineSeries, from, minutes } from '../define.ts';
import lameDuckDrain from '../diagnoses/cluster/cluster-101-lame-duck-drain.ts';
import { closedByClass } from '../diagnoses/conn/closed-classes.ts';
import connectionStopped from '../diagnoses/conn/conn-003-connection-stopped.ts';
import authenticationFailures from '../diagnoses/conn/conn-101-authentication-failures.ts';
import slowConsumerEvictions from '../diagnoses/conn/conn-102-slow-consumer-evictions.ts';
import closedByLimit from '../diagnoses/conn/conn-103-closed-by-limit.ts';
import tlsHandshakeFailures from '../diagnoses/conn/conn-104-tls-handshake-failures.ts';
import evidenceLost from '../diagnoses/conn/conn-105-evidence-lost.ts';
import reconnectLoop from '../diagnoses/leaf/leaf-104-reconnect-loop.ts';
import slowLinks from '../diagnoses/server/server-004-slow-links.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';
import { closeClasses } from '../engine/close-reasons.ts';

export default defineCheck({
  id: 'connection-stopped',
  title: 'Which connections closed, and why',
  group: 'connections',
  every: minutes(1),
  answersFor: ['closed'],
  diagnoses: [
    connectionStopped,
    authenticationFailures,
    slowConsumerEvictions,
    slowLinks,
    closedByLimit,
    tlsHandshakeFailures,
    evidenceLost,
    reconnectLoop,
    lameDuckDrain,
    endpointUnreadable,
  ],
  series: [
    defineSeries({
      name: 'nats_connections_closed',
      help: 'Connections closed since the last run, by class of reason; six series a server',
      scope: 'server',
      unit: 'count',
      reads: { closed: from() },
      addsUp: true,
      by: { label: 'reason_class', words: closeClasses },
      observe: ({ varz, closed }, { closeReasons }) => closedByClass(varz, closed, closeReasons),
    }),
  ],
});
