import { atLeast } from '../../define.ts';
import { formatValue } from '../../engine/format.ts';
import { streamOwnerDiagnosis } from '../assets/owner-diagnosis.ts';

export default streamOwnerDiagnosis(
  {
    id: 'JETSTREAM_018',
    title: 'Mirror or source silent for longer than its owner allows',
    brief: ["owners' levels", 'mirror silence'],
    limits: {
      silence: atLeast(
        {},
        {
          unit: 'seconds',
          of: 'time since a mirror or source heard its origin',
          owner: { critical: 'seen-critical' },
        },
      ),
    },
    why: 'The copy is not fed. An origin in good health is heard every few seconds, whether it has messages or not.',
    remedy:
      'Does the origin exist, and may this account read it? Is the leafnode or gateway to it up? Then look at the leader of the copy.',
  },
  ({ row: { mirror, sources, created } }, _stream, at) =>
    [...(mirror === null ? [] : [mirror]), ...sources].map(({ name, active }) => {
      const silent = active < 0 ? Math.max(0, (at - created) / 1_000) : active / 1e9;
      const ever = active < 0 ? 'has never heard' : 'last heard';
      return {
        limit: 'silence' as const,
        value: silent,
        is: () => `${ever} ${name}, ${formatValue(Math.round(silent), 'seconds')} by now`,
      };
    }),
);
