import type { Endpoint } from '../define.ts';

const paths: { readonly [E in Endpoint]?: string } = {
  closed: '/connz?state=closed',
  clients: '/connz',
  services: '/subsz?subs=1',
  streams: '/jsz?streams=true',
  consumers: '/jsz?consumers=true',
  certificates: 'TLS handshake',
  accstatz: '/accstatz?unused=1',
  accountz: '/accountz?acc=',
  subscribers: '/connz?acc=',
  interest: '/subsz?subs=1&acc=',
};

/** What a reading is called where people read it: `/leafz`, `/connz?state=closed`. */
export const endpointPath = (endpoint: Endpoint): string => paths[endpoint] ?? `/${endpoint}`;
