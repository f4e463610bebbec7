import { atLeast, atMost } from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { streamOwnerDiagnosis } from '../assets/owner-diagnosis.ts';
import { bandsOf } from './owner-band.ts';

export default streamOwnerDiagnosis(
  {
    id: 'JETSTREAM_025',
    title: 'Stream with more or fewer subjects than its owner expects',
    brief: ["owners' levels", 'subjects'],
    limits: {
      many: atLeast(
        {},
        {
          unit: 'count',
          of: 'subjects of a stream (many)',
          owner: { warning: 'subjects-warn', critical: 'subjects-critical' },
        },
      ),
      few: atMost(
        {},
        {
          unit: 'count',
          of: 'subjects of a stream (few)',
          owner: { warning: 'subjects-warn', critical: 'subjects-critical' },
        },
      ),
    },
    why: 'Its owner expects another number of subjects.',
    remedy: 'Growth: do consumers keep up, have limits changed? Shrinkage: do publishers run, was it purged?',
  },
  ({ row: { state, config } }) =>
    bandsOf(config.metadata, 'subjects').map((limit) => ({
      limit,
      value: state.subjects,
      is: () => `holds ${plural(state.subjects, 'subject')}`,
    })),
);
