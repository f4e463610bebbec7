import type { Complaint } from '../complaints.ts';

type AssetClass = {
  readonly pattern: RegExp;
  /** What is said of them in a sentence. */
  readonly words: string;
  readonly why: string;
  readonly remedy: string;
};

/**
 * Whether it may be copying what it lacks, as each new replica does and each after a restart. 2.9 and 2.10 say the same of one that
 * copies as of one whose group has no leader: JETSTREAM_008 and JETSTREAM_107 tell that within two minutes.
 */
export const mayCatchUp = ({ words }: Complaint): boolean =>
  /(catching up|group node unhealthy|is not current)$/.test(words);

/** As 2.11 and later say it. */
export const saysThatItCatchesUp = ({ words }: Complaint): boolean => words.endsWith('catching up');

/**
 * It works alone where the servers of its other replicas were removed, which nats-server calls ill health; else it stands still. 2.15.1
 * says of a raft node that did not start now `stream assignment error`, now this.
 */
export const isInNoGroup = ({ words }: Complaint): boolean => words.endsWith('group node missing');

/** Why a stream or consumer is not there or not current, by nats-server's words (monitor.go, jetstream_cluster.go), the worst first. */
const assetClasses: readonly AssetClass[] = [
  {
    pattern: /write error/,
    words: 'stopped on a write error',
    why:
      'A write to disk failed, and the server stopped the stream or consumer on it rather than lose what it acknowledged: it takes ' +
      'nothing any more until the server is restarted, however well the disk is by then.',
    remedy:
      'Read the error (evidence, and its log). Make room or mend the disk (`store_dir`), then restart this server. If the disk is ' +
      'lost, let the stream have a replica elsewhere (`nats stream cluster peer-remove`, which gives this copy up), ' +
      'after the others are seen to be current.',
  },
  {
    pattern: /could not be recovered|not found/,
    words: 'not recovered',
    why:
      'The server has it on its list or its disk and could not open it: damaged files, a store that is not the one it had, or ' +
      'an account that it does not know.',
    remedy:
      'Its log around the start says why. Was the right volume mounted at `store_dir`? Is the account still configured? With other ' +
      'replicas a new copy can be had (`nats stream cluster peer-remove` for this server: this copy is given up). A single ' +
      'replica comes back from a backup only (`nats stream restore`). Touch no file before there is a copy of the folder.',
  },
  {
    pattern: /assignment error/,
    words: 'refused by this server',
    why:
      'The meta leader placed it here and the server could not create it: mostly a limit of the account or of this server (storage, ' +
      'memory, `max_ha_assets`), or a configuration that its release does not know.',
    remedy:
      'Read the error (evidence). Give the account or the server more (SERVER_131, SERVER_019, CLUSTER_003), or upgrade the server; ' +
      'then restart it or edit the stream, so that it is placed anew.',
  },
  {
    pattern: /./,
    words: 'not current',
    why:
      'A replica that is not current is none: if the servers with the others fail, its messages are gone. Where there is no other ' +
      'replica, the stream or consumer does not work at all.',
    remedy:
      'Are other servers down (SERVER_101) or cut off (CLUSTER_005, CLUSTER_112)? Bring them back first: without a majority it cannot be ' +
      'current. If only this server complains, look at its CPU and disk and restart it; if that does not help, give the stream ' +
      'another replica (`nats stream cluster peer-remove` for this server: this copy is given up).',
  },
];

/** The classes of complaints, the worst first, and how many are of each. */
export const classesOf = (complaints: readonly Complaint[]) =>
  assetClasses
    .map((each) => ({
      ...each,
      many: complaints.filter(({ words }) => assetClasses.find(({ pattern }) => pattern.test(words)) === each)
        .length,
    }))
    .filter(({ many }) => many > 0);
