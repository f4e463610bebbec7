import { atLeast } from '../../define.ts';
import { formatValue } from '../../engine/format.ts';
import { consumerOwnerDiagnosis } from '../assets/owner-diagnosis.ts';
import { silentSeconds } from './silent-seconds.ts';

export default consumerOwnerDiagnosis(
  {
    id: 'CONSUMER_010',
    title: 'Nothing acknowledged for longer than the owner allows',
    brief: ["owners' levels", 'last acknowledgement'],
    limits: {
      ack: atLeast(
        {},
        {
          unit: 'seconds',
          of: 'time since a consumer acknowledged a message',
          owner: { critical: 'last-ack-critical' },
        },
      ),
    },
    why: 'Its owner expects something to pass at least so often.',
    remedy:
      'Do publishers run, and clients? A leader that was elected lately knows of no earlier one: time counts from its election then.',
  },
  ({ row }, _consumer, at) => {
    const silent = silentSeconds(row, row.ackFloor.at, at);
    return silent === null
      ? []
      : [
          {
            limit: 'ack',
            value: silent,
            is: () => `has acknowledged nothing for ${formatValue(silent, 'seconds')}`,
          },
        ];
  },
);
