import { above } from '../../define.ts';
import { formatCount } from '../../engine/format.ts';
import { streamOwnerDiagnosis } from '../assets/owner-diagnosis.ts';

export default streamOwnerDiagnosis(
  {
    id: 'JETSTREAM_022',
    title: 'Replica further behind than the owner allows',
    brief: ["owners' levels", 'replica lag'],
    limits: {
      lag: above(
        {},
        {
          unit: 'count',
          of: 'raft entries that a replica is behind the leader',
          owner: { critical: 'peer-lag-critical' },
        },
      ),
    },
    why: 'A replica that is behind does not help if the leader fails. Entries are not messages: a replica that copies a whole stream may show few.',
    remedy: 'Look at CPU, disk and network of that server. Whether messages are missing, JETSTREAM_104 says.',
  },
  ({ row: { group } }) =>
    group.replicas.map(({ name, lag }) => ({
      limit: 'lag' as const,
      value: lag,
      is: () => `has a replica on ${name} that is ${formatCount(lag)} raft entries behind`,
    })),
);
