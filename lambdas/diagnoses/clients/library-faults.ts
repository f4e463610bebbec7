import { isBefore, versionOf } from './library-version.ts';

/** What a release of a client library got wrong, by what clients say of themselves: `lang` and `version`. */
export type LibraryFault = {
  readonly lang: string;
  /** What people call it. */
  readonly library: string;
  /** The first that is meant, where earlier ones are something else. */
  readonly from?: string;
  readonly fixed: string;
  readonly what: string;
  readonly source: string;
};

/** Faults that leave a client connected in name only, or its messages behind, or that open it to others. */
export const libraryFaults: readonly LibraryFault[] = [
  {
    lang: 'go',
    library: 'nats.go',
    fixed: '1.31.0',
    what: 'ordered consumers of package jetstream are not made anew after a restart of the server, and receive nothing more',
    source: 'https://github.com/nats-io/nats.go/pull/1425',
  },
  {
    lang: 'go',
    library: 'nats.go',
    fixed: '1.37.0',
    what: 'Consume or Messages right after Stop or Drain may block for good',
    source: 'https://github.com/nats-io/nats.go/pull/1671',
  },
  {
    lang: 'java',
    library: 'jnats',
    fixed: '2.25.2',
    what: 'after a reconnect a client may send nothing more, until the server closes it as stale',
    source: 'https://github.com/nats-io/nats.java/issues/1522',
  },
  {
    lang: '.NET',
    library: 'NATS.Net',
    from: '2.0.0',
    fixed: '2.5.10',
    what: 'a reconnect may wait for good for an answer, so that the client does not come back',
    source: 'https://github.com/nats-io/nats.net/issues/750',
  },
  {
    lang: 'python3',
    library: 'nats-py',
    fixed: '2.10.0',
    what: 'a flush that was cancelled may end the task that sends, and nothing is sent any more',
    source: 'https://github.com/nats-io/nats.py/issues/624',
  },
  {
    lang: 'rust',
    library: 'async-nats',
    fixed: '0.27.1',
    what: 'a flush while the client reconnects never ends',
    source: 'https://github.com/nats-io/nats.rs/pull/823',
  },
  {
    lang: 'rust',
    library: 'async-nats and nats',
    fixed: '0.29.0',
    what: "the server's certificate is compared with a host name that an attacker on the way can choose (RUSTSEC-2023-0027 and -0029)",
    source: 'https://github.com/rustsec/advisory-db/pull/1661',
  },
  {
    lang: 'C',
    library: 'nats.c',
    fixed: '3.4.1',
    what: 'an ordered consumer may stop receiving messages',
    source: 'https://github.com/nats-io/nats.c/pull/601',
  },
  {
    lang: 'C',
    library: 'nats.c',
    fixed: '3.8.0',
    what: 'a connect that fails half-way may never end, and take all memory',
    source: 'https://github.com/nats-io/nats.c/pull/707',
  },
  {
    lang: 'C',
    library: 'nats.c',
    fixed: '3.10.0',
    what: 'a pull subscription may block for good when it asks for more messages',
    source: 'https://github.com/nats-io/nats.c/pull/834',
  },
];

/** The faults of a client's library that it cannot be without. */
export function faultsOf(lang: string, version: string): readonly LibraryFault[] {
  const own = versionOf(version);
  if (own === null) return [];
  return libraryFaults.filter((fault) => {
    const [first, fixed] = [versionOf(fault.from ?? '0.0.0'), versionOf(fault.fixed)];
    return (
      fault.lang === lang && first !== null && fixed !== null && !isBefore(own, first) && isBefore(own, fixed)
    );
  });
}
