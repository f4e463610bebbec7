/** Classes of closed connections, the words of `nats_connections_closed`'s label `reason_class`. */
export const closeClasses = ['planned', 'auth', 'slow', 'limit', 'network', 'other'] as const;
export type CloseClass = (typeof closeClasses)[number];
