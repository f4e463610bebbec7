import { below, defineDiagnosis, from, measured, minutes, notApplicable } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { foundOn, listenersCommand, serviceWords } from './instances.ts';

/** By what settings expect: which services there are, no endpoint tells. One that settings name is missed before it was ever seen. */
export default defineDiagnosis({
  id: 'SERVICE_002',
  title: 'A service has no instance, or too few',
  scope: 'cluster',
  expects: 'services',
  reads: { services: from() },
  history: {},
  limits: {
    instances: below(
      { critical: 1 },
      { unit: 'count', of: 'instances of one service; a warning below the `instances` that settings expect' },
    ),
  },
  for: minutes(5),
  why: 'Nobody answers its requests: clients get "no responders" at once, or wait for their time-out.',
  remedy:
    'Do its processes run, and can they log in (CONN_101)? Do they subscribe in the account that settings name (`expect.services`)? ' +
    'An instance that is connected and does not listen was drained, or failed while it started: its log tells.',
  evaluate({ servers, unread }, { cluster }) {
    if (cluster.expect.services === undefined)
      return notApplicable('settings expect no services (`expect.services`): without a list none is missed');
    const found = foundOn(servers);
    const wanted = ({ instances = 1 }: (typeof found)[number]['service']) => instances;
    const isEnough = ({ service, instances }: (typeof found)[number]) => instances.length >= wanted(service);
    const isCertain = unread.length === 0;
    return measured(
      found
        .map(({ service, instances }) => `${serviceWords(service)} ${formatCount(instances.length)}`)
        .join(', '),
      found
        // What is not on the servers that were read may be on those that were not.
        .filter((each) => isCertain || isEnough(each))
        .map(({ service, instances }) => ({
          limit: 'instances' as const,
          entity: { kind: 'service' as const, name: serviceWords(service) },
          value: instances.length,
          data: { service, instances, servers: servers.map(({ target }) => target) },
          ...(service.instances === undefined ? {} : { levels: { critical: 1, warning: service.instances } }),
        })),
      { conclusive: found.every(isEnough) },
    );
  },
  describe: ({ entity, value, data: { service, instances, servers } }) => ({
    summary:
      value === 0
        ? `No instance of service ${entity.name} listens on any of ${plural(servers.length, 'server')}.`
        : `Service ${entity.name} has ${plural(value, 'instance')}, ${formatCount(service.instances ?? 1)} expected.`,
    evidence: servers.map(({ name }) => {
      const here = instances.filter(({ target }) => target.name === name);
      return `${name}: ${plural(here.length, 'instance')}`;
    }),
    commands: {
      nats: `nats micro ls ${service.name}`,
      curl: servers[0] === undefined ? '' : listenersCommand(servers[0], service),
    },
  }),
});
