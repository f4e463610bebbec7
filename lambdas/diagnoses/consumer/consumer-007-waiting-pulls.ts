import { atLeast } from '../../define.ts';
import { formatCount } from '../../engine/format.ts';
import { consumerOwnerDiagnosis } from '../assets/owner-diagnosis.ts';

export default consumerOwnerDiagnosis(
  {
    id: 'CONSUMER_007',
    title: 'More pull requests waiting than the owner allows',
    brief: ["owners' levels", 'pull requests'],
    limits: {
      waiting: atLeast(
        {},
        { unit: 'count', of: 'pull requests that wait', owner: { critical: 'waiting-critical' } },
      ),
    },
    why: 'Clients ask for more than comes: publishers are down, or too many clients ask.',
    remedy:
      'Do publishers run? How many clients are there, and do they ask again before a request is answered?',
  },
  ({ row: { waiting } }) => [
    { limit: 'waiting', value: waiting, is: () => `has ${formatCount(waiting)} pull requests waiting` },
  ],
);
