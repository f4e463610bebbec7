const nats = 'https://docs.nats.io/running-a-nats-service';

/** Pages of NATS' and AWS' own documentation, for readers whose settings name no manual. */
export const pages = {
  monitoring: `${nats}/nats_admin/monitoring`,
  configuration: `${nats}/configuration`,
  leafnodes: `${nats}/configuration/leafnodes`,
  jetStream: `${nats}/configuration/clustering/jetstream_clustering/troubleshooting`,
  jetStreamAdministration: `${nats}/nats_admin/jetstream_admin`,
  lambda: 'https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html',
} as const;

/** Whether an address opens in a browser wherever an alarm is read. */
export const opens = (address: string): boolean => address.startsWith('https://') && URL.canParse(address);

/** The team's manual at that heading, where it opens, else a page that does. */
export const linkTo = (manual: string, heading: string, otherwise: string): string =>
  opens(manual) ? `${manual}#${heading}` : otherwise;
