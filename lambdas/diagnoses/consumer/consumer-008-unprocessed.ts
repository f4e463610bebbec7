import { atLeast } from '../../define.ts';
import { formatCount } from '../../engine/format.ts';
import { consumerOwnerDiagnosis } from '../assets/owner-diagnosis.ts';

export default consumerOwnerDiagnosis(
  {
    id: 'CONSUMER_008',
    title: 'More messages waiting than the owner allows',
    brief: ["owners' levels", 'messages waiting'],
    limits: {
      unprocessed: atLeast(
        {},
        {
          unit: 'count',
          of: 'messages that wait for a consumer',
          owner: { critical: 'unprocessed-critical' },
        },
      ),
    },
    why: 'Clients do not keep up with publishers.',
    remedy:
      'Are all clients there, and does the backlog grow? Add clients, or make them faster. If it stands still, CONSUMER_101 says why.',
  },
  ({ row: { pending } }) => [
    { limit: 'unprocessed', value: pending, is: () => `has ${formatCount(pending)} messages waiting` },
  ],
);
