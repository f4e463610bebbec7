import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { assets, consumer, ledBy, member, stream } from '../../jetstream-kit.ts';
import { firstMinute, type Look } from '../../kit.ts';

type Changes = NonNullable<Parameters<typeof consumer>[0]>;

/** In the first minute an hour old. */
const created = firstMinute - 3_600_000;
/** What a test's consumer is unless it says otherwise. */
const usual = { created, pending: 7, ackPending: 0, delivered: { streamSeq: 3 }, ackFloor: { streamSeq: 3 } };

export type Cluster = {
  /** Who leads; null: nobody. */
  readonly leader?: string | null;
  /** Servers that answer. */
  readonly members?: readonly string[];
  readonly stream?: Omit<NonNullable<Parameters<typeof stream>[0]>, 'consumers' | 'group'>;
  readonly varz?: Partial<Varz>;
  /** Names of the consumers, all alike. */
  readonly names?: readonly string[];
};

/** Three replicas of ORDERS > shipping, which n1 leads: 7 pending, three delivered and acknowledged. */
export const shipping = (
  changes: Changes = {},
  {
    leader = 'n1',
    members = ['n1', 'n2', 'n3'],
    stream: ofStream = {},
    varz = {},
    names = ['shipping'],
  }: Cluster = {},
): readonly TargetReadings[] =>
  members.map((name) => {
    const isLeader = name === leader;
    const rows = names.map((own) =>
      consumer({
        ...usual,
        name: own,
        ...changes,
        group: { ...ledBy(leader, name), ...changes.group },
        // Followers know neither.
        ...(isLeader ? {} : { pending: 0, waiting: 0 }),
      }),
    );
    return member(name, {
      varz,
      consumers: assets(stream({ ...ofStream, group: ledBy(leader, name), consumers: rows })),
    });
  });

/** What a look says of the cluster. */
export const outcome = ({ outcomes }: Look): string | undefined => outcomes['cluster'];

/** Summaries of what is found. */
export const summaries = ({ findings }: Look): readonly string[] => findings.map(({ summary }) => summary);
