import type { Unit } from '../../lambdas/limits.ts';
import type { Metric } from '../cloudwatch/alarm-spec.ts';

/** Of CloudWatch's grid, which is 24 wide. */
type Size = { readonly width: number; readonly height: number };

export type Line = { readonly kind: 'metric'; readonly label: string; readonly metric: Metric } | Query;

/** A line for each word or server that metrics of one name have in a dimension. */
export type Query = {
  readonly kind: 'query';
  /** Without the dimensions below; its statistic is over those that fall together, too. */
  readonly metric: Metric;
  readonly by: string;
  /** Dimensions in which metrics of one line differ. */
  readonly over: readonly string[];
  /** So many lines, those with the worst values of the time that is shown. */
  readonly most: number;
};

export type TextWidget = Size & { readonly kind: 'text'; readonly markdown: string };
export type AlarmsWidget = Size & {
  readonly kind: 'alarms';
  readonly title: string;
  /** Names, at most 100. */
  readonly alarms: readonly string[];
  /** Of so many it shows those alone that are not OK. */
  readonly hidesOk: boolean;
};
export type GraphWidget = Size & {
  readonly kind: 'graph';
  readonly title: string;
  /** What the lines show, in words. */
  readonly about: string;
  readonly unit: Unit;
  readonly isStacked: boolean;
  readonly periodSeconds: number;
  /** CloudWatch takes one query a graph. */
  readonly lines: readonly Line[];
};
export type Widget = TextWidget | AlarmsWidget | GraphWidget;

/** A CloudWatch dashboard as pure data. The stack's dashboard and its preview are made from it. */
export type DashboardSpec = {
  readonly name: string;
  readonly cluster: string;
  readonly widgets: readonly Widget[];
};
