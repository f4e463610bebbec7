import { atLeast } from '../../define.ts';
import { formatCount } from '../../engine/format.ts';
import { consumerOwnerDiagnosis } from '../assets/owner-diagnosis.ts';

export default consumerOwnerDiagnosis(
  {
    id: 'CONSUMER_006',
    title: 'More unacknowledged messages than the owner allows',
    brief: ["owners' levels", 'unacknowledged'],
    limits: {
      outstanding: atLeast(
        {},
        {
          unit: 'count',
          of: 'messages of a consumer that are delivered and not acknowledged',
          owner: { critical: 'outstanding-ack-critical' },
        },
      ),
    },
    why: 'Clients take messages faster than they finish them, or hang.',
    remedy:
      'Look at the clients: do they run, do they acknowledge, does each message take longer than `ack_wait`?',
  },
  ({ row: { ackPending } }) => [
    {
      limit: 'outstanding',
      value: ackPending,
      is: () => `has ${formatCount(ackPending)} messages that are not acknowledged`,
    },
  ],
);
