/** What a finding is about. Unbounded names live here and never in a metric's dimensions. */
export type Entity = {
  readonly kind:
    | 'cluster'
    | 'server'
    | 'endpoint'
    | 'leafnode'
    | 'remote'
    | 'client'
    | 'user'
    /** A client library: `nats.go` as clients say it, `go`. */
    | 'library'
    /** A micro service by its name. */
    | 'service'
    | 'account'
    | 'operator'
    | 'address'
    /** A DNS name of settings, with the port: `nats.internal:8222`. */
    | 'name'
    /** All connections of one kind to one server: `routes of n1`. */
    | 'connections'
    /** An option that limits what clients may do: `max_payload of n1`. */
    | 'limit'
    /** A stream of an account: `ORDERS (APP)`. */
    | 'stream'
    /** A consumer of a stream of an account: `ORDERS > shipping (APP)`. */
    | 'consumer'
    /** JetStream's meta layer of a cluster. */
    | 'meta'
    /** A Prometheus rule that is deployed. */
    | 'rule';
  readonly name: string;
  /** Of a stream or consumer: what `name` is made of, and what settings' patterns are compared with. */
  readonly asset?: AssetNames;
};

export type AssetNames = {
  /** The key of an account, and what people call it: another text in operator mode. */
  readonly account: string;
  readonly accountName: string;
  readonly stream: string;
  readonly consumer?: string;
};
