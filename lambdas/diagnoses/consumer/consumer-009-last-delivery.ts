import { atLeast } from '../../define.ts';
import { formatValue } from '../../engine/format.ts';
import { consumerOwnerDiagnosis } from '../assets/owner-diagnosis.ts';
import { silentSeconds } from './silent-seconds.ts';

export default consumerOwnerDiagnosis(
  {
    id: 'CONSUMER_009',
    title: 'Nothing delivered for longer than the owner allows',
    brief: ["owners' levels", 'last delivery'],
    limits: {
      delivery: atLeast(
        {},
        {
          unit: 'seconds',
          of: 'time since a consumer delivered a message',
          owner: { critical: 'last-delivery-critical' },
        },
      ),
    },
    why: 'Its owner expects something to pass at least so often.',
    remedy:
      'Do publishers run, and clients? A leader that was elected lately knows of no earlier one: time counts from its election then.',
  },
  ({ row }, _consumer, at) => {
    const silent = silentSeconds(row, row.delivered.at, at);
    return silent === null
      ? []
      : [
          {
            limit: 'delivery',
            value: silent,
            is: () => `has delivered nothing for ${formatValue(silent, 'seconds')}`,
          },
        ];
  },
);
