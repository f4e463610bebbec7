import type { Target } from '../../define.ts';
import type { ExpectedService, ServiceInstance, Services } from '../../readings/services.ts';
import { accountQuery } from '../shell-quoted.ts';

export type Found = {
  readonly service: ExpectedService;
  readonly instances: readonly (ServiceInstance & { readonly target: Target })[];
};

/** Each service that settings expect, with its instances on all servers. */
export function foundOn(
  servers: readonly { readonly target: Target; readonly services: Services }[],
): readonly Found[] {
  const [first] = servers;
  return (first?.services ?? []).map(({ service }, i) => ({
    service,
    instances: servers.flatMap(({ target, services }) =>
      (services[i]?.instances ?? []).map((instance) => ({ ...instance, target })),
    ),
  }));
}

/** `orders (APP)`, `orders` where any account will do. */
export const serviceWords = ({ name, account }: ExpectedService): string =>
  account === undefined ? name : `${name} (${account})`;

export const listenersCommand = ({ url }: Target, { name, account }: ExpectedService): string =>
  `curl -s '${url}/subsz?subs=1${account === undefined ? '' : `&${accountQuery(account)}`}&test=$SRV.PING.${name}'`;
