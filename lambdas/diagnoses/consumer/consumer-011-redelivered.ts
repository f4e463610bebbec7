import { atLeast } from '../../define.ts';
import { formatCount } from '../../engine/format.ts';
import { consumerOwnerDiagnosis } from '../assets/owner-diagnosis.ts';

export default consumerOwnerDiagnosis(
  {
    id: 'CONSUMER_011',
    title: 'More redelivered messages than the owner allows',
    brief: ["owners' levels", 'redelivered'],
    limits: {
      redelivered: atLeast(
        {},
        {
          unit: 'count',
          of: 'messages delivered more than once and not acknowledged',
          owner: { critical: 'redelivery-critical' },
        },
      ),
    },
    why: 'Clients fail on these messages, or take longer than `ack_wait`. Messages that reached `max_deliver` stay in this count until they are gone from the stream.',
    remedy:
      "Look for the error in the clients' log. Poison messages: take them out (`nats stream rmm`, which deletes them), or end them in the client (`term`).",
  },
  ({ row: { redelivered } }) => [
    {
      limit: 'redelivered',
      value: redelivered,
      is: () => `has ${formatCount(redelivered)} redelivered messages`,
    },
  ],
);
