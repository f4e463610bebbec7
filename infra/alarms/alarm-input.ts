import type { Check } from '../../lambdas/define.ts';
import type { LimitBook } from '../../lambdas/limits.ts';
import type { Translated } from '../rules/translate/translated.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';

/** What alarms are derived from. */
export type AlarmInput = {
  readonly checks: readonly Check[];
  readonly settings: DeploymentSettings;
  readonly book: LimitBook;
  readonly translated: Translated;
};
