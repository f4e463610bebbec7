import { alertOf } from '../rules/planned.ts';
import { consumers, type Ran } from '../rules/rule-world.ts';

/** Consumers that are more than ten messages behind. */
export const behind = (changes = {}) =>
  alertOf('Behind', 'jetstream_consumer_num_pending > 10', { forMs: 120_000, ...changes });
export const quiet = consumers({ a: 3 });
export const loud = consumers({ a: 30 });

export const rulePoints = ({ published }: Ran) => published['nats_rule Behind n1'];
