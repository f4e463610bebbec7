/** Why a reading holds no reply. The set is closed; words are made from it at the edge. */
export type FailureCode =
  | 'unreachable'
  /** No address of the target's host is known. */
  | 'dns'
  /** The run had no time left to ask. */
  | 'not-reached'
  | 'timeout'
  | 'tls'
  | 'status'
  | 'too-large'
  | 'not-json'
  | 'unexpected-shape'
  /** A reply of another server than `/varz` is from. */
  | 'another-server';

/** A reading's failure: its code, and one sentence that names target, endpoint and value. */
export type Failure = {
  readonly code: FailureCode;
  readonly message: string;
  /** The HTTP status, of code `status`. */
  readonly status?: number;
};

/** Whether a reading failed for a reason of ours: it says nothing of the server. */
export const isOurs = ({ code }: Failure): boolean => code === 'dns' || code === 'not-reached';

/** Whether the server says that it has no such thing, as of an account that is gone by the time it is asked for. */
export const isGone = ({ code, status }: Failure): boolean => code === 'status' && status === 400;

/** One request's decoded reply, or the coded failure in its place. */
export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** One NATS server's monitoring URL, with the name that becomes the label `server_id`. */
export type Target = {
  readonly name: string;
  /** `http://` or `https://`, with `http_base_path` if the server has one; no credentials. */
  readonly url: string;
  /** What settings say of it, for readers of its findings. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly tls?: { readonly ca?: string; readonly serverName?: string };
};
