import * as z from 'zod';
import { minutes } from '../../lambdas/durations.ts';
import type { Edition } from '../../lambdas/promql/index.ts';
import { duration, readme } from '../../lambdas/settings.ts';
import { pagingSeverities } from '../cloudwatch/alarm-spec.ts';

const warmUp = duration.check(
  z.refine((span) => span >= minutes(1) && span <= minutes(2_880) && span % minutes(1) === 0, {
    error: 'expected whole minutes from 1m to 2d',
  }),
);

const topic = z.enum(pagingSeverities, {
  error: `expected the topic that a word of severity is for: ${pagingSeverities.join(' or ')}`,
});

/** Each twice the one before, so that more of them move alarms to later stacks only. */
export const stackCounts = [1, 2, 4, 8] as const;
export type StackCount = (typeof stackCounts)[number];

/** What decides as which Prometheus rules are read. */
export const editionSettings = {
  /** `classic`: rules are evaluated in a function. `promql`: CloudWatch evaluates them on series sent by OTLP. */
  engine: z.enum(['classic', 'promql']).default('classic'),
  /** The major version of Prometheus that rules are meant for. */
  prometheus: z.literal([2, 3], { error: 'expected 2 or 3' }).optional(),
};

/** How rules become alarms. */
export const alarmSettings = z
  .strictObject({
    ...editionSettings,
    /** Whether alarms tell servers apart, or there is one for the worst server of a cluster. */
    per: z.enum(['server', 'cluster']).default('server'),
    /** How many stacks hold the alarms on clusters. */
    stacks: z.literal(stackCounts, { error: `expected one of ${stackCounts.join(', ')}` }).default(1),
    /** Whether a rule that is refused or warned of ends synth. */
    strict: z.boolean().default(false),
    /** Words of rules' label `severity` beside those that are known, and the topic that each is for. */
    severities: z.record(z.string().min(1), topic).default({}),
    /** How many streams, consumers, connections and so on a server may have: what memory and cost are reckoned with. */
    entities: z.int().min(1).max(10_000_000).default(1_000),
    /** How long a new watchdog waits before it looks. */
    warmUp: z._default(warmUp, minutes(15)),
    readme,
  })
  .superRefine(({ engine, prometheus }, context) => {
    if (engine !== 'promql' || prometheus !== 2) return;
    const message =
      'CloudWatch reads PromQL as Prometheus 3 does: leave it out, or choose the engine classic';
    context.addIssue({ code: 'custom', path: ['prometheus'], message });
  })
  .prefault({});

/**
 * The Prometheus whose windows and syntax rules are read by. On samples of whole minutes `[5m]` is exactly five minutes in 2,
 * which most published rules were written for; in 3 a window leaves out its first sample.
 */
export const editionOf = ({
  engine,
  prometheus,
}: Pick<z.output<typeof alarmSettings>, 'engine' | 'prometheus'>): Edition =>
  engine === 'promql' ? 3 : (prometheus ?? 2);
