import { above, below } from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { streamOwnerDiagnosis } from '../assets/owner-diagnosis.ts';

export default streamOwnerDiagnosis(
  {
    id: 'JETSTREAM_021',
    title: 'Stream with another number of replicas than its owner expects',
    brief: ["owners' levels", 'replica count'],
    limits: {
      fewer: below(
        {},
        { unit: 'count', of: 'replicas of a stream, fewer', owner: { critical: 'peer-expect' } },
      ),
      more: above(
        {},
        { unit: 'count', of: 'replicas of a stream, more', owner: { critical: 'peer-expect' } },
      ),
    },
    why: 'The stream survives fewer failures than its owner counts on, or costs more than it should.',
    remedy:
      'Was it scaled, or a server removed from its group? `nats stream edit --replicas` sets the number; a stream that is being scaled is told until it is done.',
  },
  ({ row: { group } }) => {
    const peers = group.replicas.length + 1;
    const is = () => `has ${plural(peers, 'replica')}`;
    return [
      { limit: 'fewer', value: peers, is },
      { limit: 'more', value: peers, is },
    ];
  },
);
