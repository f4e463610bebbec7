import { above, defineDiagnosis, from, hours, measured, notApplicable, nothing } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { tally } from '../tally.ts';
import { foundOn, listenersCommand, serviceWords } from './instances.ts';

/**
 * By the client libraries of a service's instances, as Insights has it: the service's own version is in no endpoint. A rolling
 * deployment mixes them for minutes, so that it has to last.
 */
export default defineDiagnosis({
  id: 'SERVICE_001',
  title: 'Instances of a service use different client libraries',
  scope: 'cluster',
  expects: 'services',
  reads: { services: from(), clients: from() },
  history: {},
  limits: {
    libraries: above(
      { warning: 1 },
      { unit: 'count', of: 'different client libraries, or releases of one, among instances of one service' },
    ),
  },
  for: hours(1),
  why:
    'Instances that were built from one source have one library. Others were left behind by a deployment that stopped half-way, or are ' +
    'somebody else: requests are answered by old and new in turn.',
  remedy:
    'Look at the instances of the smaller group: finish or take back the deployment. `nats micro info` shows the version that each ' +
    'instance says it has. Two implementations on purpose: switch the limit off.',
  evaluate({ servers }, { cluster }) {
    if (cluster.expect.services === undefined) return notApplicable('settings expect no services');
    const rows = new Map(
      servers.flatMap(({ target, clients }) =>
        clients.rows.map((row) => [`${target.name} ${row.cid}`, row] as const),
      ),
    );
    const services = foundOn(servers).map(({ service, instances }) => {
      const known = instances.flatMap(({ target, cid }) => {
        const row = rows.get(`${target.name} ${cid}`);
        return row?.lang === undefined
          ? []
          : [{ target, row, library: `${row.lang} ${row.version ?? ''}`.trim() }];
      });
      return { service, known, libraries: tally(known.map(({ library }) => library)) };
    });
    if (services.every(({ known }) => known.length === 0)) return nothing('no instance is known');
    return measured(
      services
        .map(
          ({ service, libraries }) =>
            `${serviceWords(service)}: ${plural(libraries.length, 'library', 'libraries')}`,
        )
        .join(', '),
      services.map(({ service, known, libraries }) => ({
        limit: 'libraries' as const,
        entity: { kind: 'service' as const, name: serviceWords(service) },
        value: libraries.length,
        data: { service, known, libraries, target: servers[0]?.target },
      })),
    );
  },
  describe: ({ entity, value, data: { service, known, libraries, target } }) => {
    const [, ...fewer] = libraries;
    const odd = known.filter(({ library }) => fewer.some(([other]) => other === library));
    return {
      summary: `Instances of service ${entity.name} use ${plural(value, 'client library', 'client libraries')}: ${libraries
        .slice(0, 3)
        .map(([library, count]) => `${library} ${formatCount(count)}`)
        .join(', ')}.`,
      evidence: odd.map(
        ({ target: { name }, row, library }) =>
          `${library}: ${row.ip}:${row.port}, cid ${row.cid} on ${name}`,
      ),
      commands: {
        nats: `nats micro info ${service.name}`,
        curl: target === undefined ? '' : listenersCommand(target, service),
      },
    };
  },
});
