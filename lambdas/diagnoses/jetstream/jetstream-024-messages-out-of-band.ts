import { atLeast, atMost } from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { streamOwnerDiagnosis } from '../assets/owner-diagnosis.ts';
import { bandsOf } from './owner-band.ts';

export default streamOwnerDiagnosis(
  {
    id: 'JETSTREAM_024',
    title: 'Stream with more or fewer messages than its owner expects',
    brief: ["owners' levels", 'messages'],
    limits: {
      many: atLeast(
        {},
        {
          unit: 'count',
          of: 'messages of a stream (many)',
          owner: { warning: 'msgs-warn', critical: 'msgs-critical' },
        },
      ),
      few: atMost(
        {},
        {
          unit: 'count',
          of: 'messages of a stream (few)',
          owner: { warning: 'msgs-warn', critical: 'msgs-critical' },
        },
      ),
    },
    why: 'Its owner expects another number of messages.',
    remedy: 'Growth: do consumers keep up, have limits changed? Shrinkage: do publishers run, was it purged?',
  },
  ({ row: { state, config } }) =>
    bandsOf(config.metadata, 'msgs').map((limit) => ({
      limit,
      value: state.messages,
      is: () => `holds ${plural(state.messages, 'message')}`,
    })),
);
