import type { Endpoint } from '../define.ts';

const paths: { readonly [E in Endpoint]?: string } = {
  closed: '/connz?state=closed',
  streams: '/jsz?streams=true',
  consumers: '/jsz?consumers=true',
  certificates: 'TLS handshake',
};

/** What a reading is called where people read it: `/leafz`, `/connz?state=closed`. */
export const endpointPath = (endpoint: Endpoint): string => paths[endpoint] ?? `/${endpoint}`;
