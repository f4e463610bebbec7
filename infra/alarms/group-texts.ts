import type { CheckGroup } from '../../lambdas/define.ts';

/** What the findings of a group of checks are about. */
export const groupTexts: Readonly<Record<CheckGroup, string>> = {
  servers: 'its servers',
  links: 'routes and gateways of its servers',
  connections: 'connections to its servers',
  clients: 'clients of its servers',
  accounts: 'its accounts',
  leafnodes: 'its leafnodes',
  jetstream: 'JetStream',
  consumers: 'JetStream consumers',
  configuration: 'how its servers are configured',
  rules: 'how its Prometheus rules are evaluated',
};
