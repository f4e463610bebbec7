import type { styleText } from 'node:util';
import type { Outcome } from '../../../lambdas/engine/findings/outcome.ts';

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

export const styles: Record<Outcome | 'info', Style> = {
  critical: ['bold', 'red'],
  warning: 'yellow',
  unknown: 'magenta',
  ok: 'green',
  'not-applicable': 'dim',
  info: 'cyan',
};

/** What text is written for. */
export type Page = {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
};
