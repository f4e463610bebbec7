import { defineCheck, defineSeries, minutes } from '../define.ts';
import configurationReloaded from '../diagnoses/change/change-001-configuration-reloaded.ts';
import nameWhitespace from '../diagnoses/cluster/cluster-004-name-whitespace.ts';
import configurationDrift from '../diagnoses/cluster/cluster-121-configuration-drift.ts';
import versionsThatBreak from '../diagnoses/cluster/cluster-122-versions-that-break.ts';
import { tlsListenersOf } from '../diagnoses/server/listeners.ts';
import versionsDiffer from '../diagnoses/server/server-002-versions-differ.ts';
import domainWhitespace from '../diagnoses/server/server-006-domain-whitespace.ts';
import noAuthentication from '../diagnoses/server/server-007-no-authentication.ts';
import endpointUnreadable from '../diagnoses/server/server-102-endpoint-unreadable.ts';
import certificateExpires from '../diagnoses/server/server-151-certificate-expires.ts';
import portShowsCredentials from '../diagnoses/server/server-155-port-shows-credentials.ts';

/** Of `/varz` alone, and of TLS handshakes where that does not show certificates. */
export default defineCheck({
  id: 'configuration',
  title: 'Certificates, versions and settings',
  group: 'configuration',
  every: minutes(5),
  answersFor: ['certificates'],
  diagnoses: [
    certificateExpires,
    versionsThatBreak,
    noAuthentication,
    configurationDrift,
    versionsDiffer,
    domainWhitespace,
    nameWhitespace,
    configurationReloaded,
    portShowsCredentials,
    endpointUnreadable,
  ],
  series: [
    defineSeries({
      name: 'nats_certificate_expires_in_seconds',
      help: 'Until the first certificate of the cluster expires, of those that /varz shows; nothing where it shows none',
      scope: 'cluster',
      unit: 'seconds',
      reads: {},
      observe(servers) {
        const ends = servers.flatMap(({ target, varz }) =>
          tlsListenersOf(target, varz).flatMap(({ notAfter }) =>
            notAfter === null ? [] : [notAfter - varz.now],
          ),
        );
        return ends.length === 0 ? null : Math.max(0, Math.min(...ends)) / 1_000;
      },
    }),
  ],
});
