import { below } from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { streamOwnerDiagnosis } from '../assets/owner-diagnosis.ts';

export default streamOwnerDiagnosis(
  {
    id: 'JETSTREAM_019',
    title: 'Stream with fewer sources than its owner wants',
    brief: ["owners' levels", 'too few sources'],
    limits: {
      sources: below({}, { unit: 'count', of: 'sources of a stream', owner: { critical: 'min-sources' } }),
    },
    why: 'Messages of a source that is not there do not come.',
    remedy:
      'Compare the configured sources with those that should be (`nats stream info`); add what is missing (`nats stream edit`).',
  },
  ({ row: { sources } }) => [
    { limit: 'sources', value: sources.length, is: () => `has ${plural(sources.length, 'source')}` },
  ],
);
