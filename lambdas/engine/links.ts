import type { CheckGroup } from '../define.ts';

const nats = 'https://docs.nats.io/running-a-nats-service';

/** Pages of NATS' and AWS' own documentation, for readers whose settings name no manual. */
export const pages = {
  monitoring: `${nats}/nats_admin/monitoring`,
  leafnodes: `${nats}/configuration/leafnodes`,
  jetStream: `${nats}/configuration/clustering/jetstream_clustering/troubleshooting`,
  jetStreamAdministration: `${nats}/nats_admin/jetstream_admin`,
  lambda: 'https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html',
} as const;

/** The page that is about what a group of checks looks at. */
export const pageOf: Readonly<Record<CheckGroup, string>> = {
  servers: pages.monitoring,
  links: pages.monitoring,
  connections: pages.monitoring,
  clients: pages.monitoring,
  accounts: pages.monitoring,
  leafnodes: pages.leafnodes,
  jetstream: pages.jetStream,
  consumers: pages.jetStreamAdministration,
  configuration: pages.monitoring,
  rules: pages.monitoring,
};

/** Whether an address opens in a browser wherever a message is read. */
export const opens = (address: string): boolean => /^https:\/\//i.test(address) && URL.canParse(address);

/** The team's manual at that heading, where it opens, else a page that does. */
export const linkTo = (manual: string, heading: string, otherwise: string): string =>
  opens(manual) ? `${manual}#${heading}` : otherwise;

/** Whether it is an address at all, though it may open only where those are who wrote it. */
export const isAddress = (text: string): boolean => /^\s*https?:\/\//i.test(text);

/** A rule's runbook; a path is not shown as if it opened. */
export const runbookText = (runbookUrl: string): string =>
  `${isAddress(runbookUrl) ? 'Runbook' : 'Runbook, a path and no address'}: ${runbookUrl.trim()}`;
