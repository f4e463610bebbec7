/** A micro service that settings expect. */
export type ExpectedService = {
  readonly name: string;
  /** Where it is expected; anywhere without. */
  readonly account?: string | undefined;
  /** How many instances it should have at least. */
  readonly instances?: number | undefined;
};

/** One instance of a service: the connection that listens for it. */
export type ServiceInstance = { readonly cid: number; readonly account?: string | undefined };

/** Instances on one server of each service that is expected, in the order of settings. */
export type Services = readonly {
  readonly service: ExpectedService;
  readonly instances: readonly ServiceInstance[];
}[];

/** What each instance of a service subscribes to, once. */
export const pingSubject = ({ name }: ExpectedService): string => `$SRV.PING.${name}`;
