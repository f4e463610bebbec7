import { isOurs, type Target } from '../../define.ts';
import type { Varz } from '../../readings/endpoints.ts';
import type { Failure } from '../../readings/reading.ts';

/** What is known of a server by its server_name: `n3 does not answer (timeout)`. */
export type Whereabouts = (name: string) => string;

type Unread = {
  readonly unread: readonly { readonly target: Target; readonly failure: Failure }[];
};

/** @param isOff whether a server that was read has JetStream off */
export function whereaboutsOf<S extends { readonly varz: Varz }>(
  { servers, unread }: Unread & { readonly servers: readonly S[] },
  isOff: (server: S) => boolean,
): Whereabouts {
  const read = new Map(servers.map((server) => [server.varz.server_name, server]));
  const failed = new Map(unread.map(({ target, failure }) => [target.name, failure]));
  return (name) => {
    const server = read.get(name);
    if (server !== undefined)
      return isOff(server)
        ? `${name} answers, and its JetStream is off`
        : `${name} answers and its JetStream runs: is the network between the servers cut?`;
    const failure = failed.get(name);
    if (failure === undefined) return `${name} is not watched under this name`;
    return isOurs(failure) ? `${name} could not be asked` : `${name} does not answer (${failure.code})`;
  };
}
