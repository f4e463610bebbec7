import { atLeast } from '../../define.ts';
import { formatCount } from '../../engine/format.ts';
import { streamOwnerDiagnosis } from '../assets/owner-diagnosis.ts';

export default streamOwnerDiagnosis(
  {
    id: 'JETSTREAM_017',
    title: 'Mirror or source further behind than its owner allows',
    brief: ["owners' levels", 'mirror lag'],
    limits: {
      lag: atLeast(
        {},
        {
          unit: 'count',
          of: 'messages that a mirror or source is behind its origin',
          owner: { critical: 'lag-critical' },
        },
      ),
    },
    why: 'Who reads the copy reads old data.',
    remedy:
      'Is the link to the origin slow or cut? A lag that falls catches up: wait. A broken origin shows no lag at all, see JETSTREAM_110.',
  },
  ({ row: { mirror, sources } }) =>
    [...(mirror === null ? [] : [mirror]), ...sources].map(({ name, lag }) => ({
      limit: 'lag' as const,
      value: lag,
      is: () => `is ${formatCount(lag)} messages behind ${name}`,
    })),
);
