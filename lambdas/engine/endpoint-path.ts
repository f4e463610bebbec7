import type { Endpoint } from '../define.ts';

/** What a reading is called where people read it: `/leafz`, `/connz?state=closed`. */
export const endpointPath = (endpoint: Endpoint): string =>
  endpoint === 'closed' ? '/connz?state=closed' : `/${endpoint}`;
