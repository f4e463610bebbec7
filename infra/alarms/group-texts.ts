import type { CheckGroup } from '../../lambdas/define.ts';
import { pages } from '../cloudwatch/links.ts';

/** What the findings of a group of checks are about, and the page of documentation that says more. */
export const groupTexts: Readonly<Record<CheckGroup, { readonly about: string; readonly page: string }>> = {
  servers: { about: 'its servers', page: pages.monitoring },
  links: { about: 'routes and gateways of its servers', page: pages.monitoring },
  connections: { about: 'connections to its servers', page: pages.monitoring },
  clients: { about: 'clients of its servers', page: pages.monitoring },
  accounts: { about: 'its accounts', page: pages.monitoring },
  leafnodes: { about: 'its leafnodes', page: pages.leafnodes },
  jetstream: { about: 'JetStream', page: pages.jetStream },
  consumers: { about: 'JetStream consumers', page: pages.jetStreamAdministration },
  configuration: { about: 'how its servers are configured', page: pages.monitoring },
  rules: { about: 'how its Prometheus rules are evaluated', page: pages.monitoring },
};
