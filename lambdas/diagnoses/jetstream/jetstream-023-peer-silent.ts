import { above } from '../../define.ts';
import { formatValue } from '../../engine/format.ts';
import { streamOwnerDiagnosis } from '../assets/owner-diagnosis.ts';

export default streamOwnerDiagnosis(
  {
    id: 'JETSTREAM_023',
    title: 'Replica silent for longer than the owner allows',
    brief: ["owners' levels", 'replica silence'],
    limits: {
      silence: above(
        {},
        {
          unit: 'seconds',
          of: 'time since the leader heard a replica',
          owner: { critical: 'peer-seen-critical' },
        },
      ),
    },
    why: 'The leader does not hear the replica: its server is down, hangs or is cut off.',
    remedy:
      'Is the server up (SERVER_101), are its routes (CLUSTER_005, CLUSTER_112)? One that was silent before this leader was elected shows 0: JETSTREAM_108 sees it.',
  },
  ({ row: { group } }) =>
    group.replicas.map(({ name, active }) => {
      const silent = active / 1e9;
      return {
        limit: 'silence' as const,
        value: silent,
        is: () => `has not heard its replica on ${name} for ${formatValue(Math.round(silent), 'seconds')}`,
      };
    }),
);
