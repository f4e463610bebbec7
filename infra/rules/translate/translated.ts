import type { RulePlan } from '../../../lambdas/rules/plan.ts';
import type { AlarmSpec } from '../../cloudwatch/alarm-spec.ts';
import type { LabelAdvice } from './label-advice.ts';
import type { Warning } from '../warning.ts';

/** What became of a rule. */
export type TranslatedRule = {
  readonly kind: 'alert' | 'record';
  readonly file: string;
  readonly group: string;
  /** The alert's name, or the recorded one. */
  readonly alert: string;
  /** Of an alert: the label `rule` of its series. Of a recording rule: the recorded name. */
  readonly id: string;
  /** In its file, from 1. */
  readonly line: number;
  readonly engine: RulePlan['engine'];
  readonly status: 'translated' | 'refused';
  /** Why it was refused. */
  readonly reason: string | null;
  readonly warnings: readonly Warning[];
  /** What it reads of servers, through recorded names too, as the exporter spells it. */
  readonly series: readonly string[];
  readonly specs: readonly AlarmSpec[];
};

export type Translated = {
  readonly rules: readonly TranslatedRule[];
  readonly plan: RulePlan;
  /** What settings would have to give servers, where rules are refused as they select none. */
  readonly labels: LabelAdvice | null;
  /** The alarms of all rules, and those that guard the rules' series. */
  readonly specs: readonly AlarmSpec[];
};
