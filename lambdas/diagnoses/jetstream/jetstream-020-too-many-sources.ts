import { above } from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { streamOwnerDiagnosis } from '../assets/owner-diagnosis.ts';

export default streamOwnerDiagnosis(
  {
    id: 'JETSTREAM_020',
    title: 'Stream with more sources than its owner wants',
    brief: ["owners' levels", 'too many sources'],
    limits: {
      sources: above({}, { unit: 'count', of: 'sources of a stream', owner: { critical: 'max-sources' } }),
    },
    why: 'Messages come from somewhere that the owner does not expect.',
    remedy:
      'Compare the configured sources with those that should be (`nats stream info`); remove what does not belong (`nats stream edit`).',
  },
  ({ row: { sources } }) => [
    { limit: 'sources', value: sources.length, is: () => `has ${plural(sources.length, 'source')}` },
  ],
);
