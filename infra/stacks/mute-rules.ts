import { createHash } from 'node:crypto';
import { CfnAlarmMuteRule } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

/** A mute of settings, for CloudWatch. */
export type MuteRule = {
  readonly why: string;
  readonly alarmNames: readonly string[];
  readonly schedule: { readonly expression: string; readonly duration: string; readonly timezone: string };
};

/** Mute rules, named by when and what they mute, so that reordering them changes nothing. */
export function muteRules(
  scope: Construct,
  deployment: string,
  rules: readonly MuteRule[],
): readonly CfnAlarmMuteRule[] {
  const parent = new Construct(scope, 'Mutes');
  return rules.map(({ why, alarmNames, schedule }) => {
    const hash = createHash('sha256')
      .update(JSON.stringify([schedule, alarmNames]))
      .digest('hex')
      .slice(0, 8);
    return new CfnAlarmMuteRule(parent, hash, {
      name: `${deployment}-mute-${hash}`,
      description: why,
      rule: { schedule },
      muteTargets: { alarmNames: [...alarmNames] },
    });
  });
}
