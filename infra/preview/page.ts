import type { AlarmsWidget, DashboardSpec, GraphWidget, Line, Widget } from '../dashboard/spec.ts';
import { formatTime, formatValue } from '../../lambdas/engine/format.ts';
import { chart, colourOf } from './chart.ts';
import { escape, ofMarkdown } from './html.ts';
import { linesOfQuery, pointsOf, type DrawnLine, type Look } from './looks.ts';
import { style } from './style.ts';

export type AlarmState = 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';

export type Preview = {
  readonly dashboards: readonly DashboardSpec[];
  readonly looks: readonly Look[];
  /** The state of an alarm after the last look; null of one that only a deployment has. */
  readonly stateOf: (alarm: string) => AlarmState | null;
  /** Where the values come from. */
  readonly source: string;
};

/** The dashboards as one page that needs nothing else. */
export function page({ dashboards, looks, stateOf, source }: Preview): string {
  const span = { from: looks[0]?.at ?? 0, to: looks.at(-1)?.at ?? 0 };
  const parts = dashboards.map(({ name, cluster, widgets }) => {
    const of = (kind: Widget['kind']) =>
      widgets
        .filter((widget) => widget.kind === kind)
        .map((widget) => widgetPart(widget, { cluster, looks, span, stateOf }));
    const grids = (['text', 'alarms', 'graph'] as const).map(
      (kind) => `<div class="grid">${of(kind).join('\n')}</div>`,
    );
    return `<main id="${escape(name)}">${grids.join('\n')}</main>`;
  });
  const title = dashboards.map(({ name }) => name).join(', ');
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // Without one a browser asks for it.
    '<link rel="icon" href="data:,">',
    `<style>${style}</style></head><body>`,
    ...parts,
    `<footer>${escape(source)} ${formatTime(span.from)} to ${formatTime(span.to)}, ${looks.length} looks.</footer>`,
    '</body></html>',
    '',
  ].join('\n');
}

type Seen = Pick<Preview, 'looks' | 'stateOf'> & {
  readonly cluster: string;
  readonly span: { readonly from: number; readonly to: number };
};

function widgetPart(widget: Widget, seen: Seen): string {
  const body =
    widget.kind === 'text'
      ? ofMarkdown(widget.markdown)
      : widget.kind === 'alarms'
        ? alarmsPart(widget, seen)
        : graphPart(widget, seen);
  return `<section class="${widget.kind} w${widget.width}">${body}</section>`;
}

const words: Readonly<Record<AlarmState | 'none', string>> = {
  ALARM: 'ALARM',
  INSUFFICIENT_DATA: 'no data yet',
  OK: 'OK',
  none: 'only deployed',
};

/** Of more it is said how many there are. */
const mostRows = 15;

function alarmsPart({ title, alarms, hidesOk }: AlarmsWidget, { stateOf, cluster }: Seen): string {
  const order = ['ALARM', 'INSUFFICIENT_DATA', 'none', 'OK'] as const;
  const states = alarms.map((name) => ({ name, state: stateOf(name) ?? ('none' as const) }));
  const shown = states
    .filter(({ state }) => !hidesOk || state === 'ALARM' || state === 'INSUFFICIENT_DATA')
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const nameOf = (name: string) =>
    escape(name.replace(/^nats\//, '').replace(`${cluster}/`, '')).replaceAll('/', '/<wbr>');
  const rows = shown
    .slice(0, mostRows)
    .map(
      ({ name, state }) => `<li class="${state}"><b>${words[state]}</b> <span>${nameOf(name)}</span></li>`,
    );
  if (shown.length > mostRows) rows.push(`<li><b></b> <span>and ${shown.length - mostRows} more</span></li>`);
  return `<h2>${escape(title)}</h2>${rows.length === 0 ? '<p class="none">All are OK.</p>' : `<ul>${rows.join('')}</ul>`}`;
}

function graphPart({ title, about, unit, isStacked, lines }: GraphWidget, { looks, span }: Seen): string {
  const drawn = lines.flatMap((line) => drawnOf(line, looks)).filter(({ points }) => points.length > 0);
  const heading = `<h2>${escape(title)}</h2>`;
  if (drawn.length === 0) return `${heading}<p class="none">Nothing was published: ${escape(about)}.</p>`;
  const legend = drawn.map(
    ({ label, points }, i) =>
      `<li><i class="${colourOf(i)}"></i>${escape(label)} <b>${escape(formatValue(points.at(-1)?.value ?? 0, unit))}</b></li>`,
  );
  return `${heading}${chart({ title, unit, isStacked, lines: drawn, span })}<ul class="legend">${legend.join('')}</ul>`;
}

const drawnOf = (line: Line, looks: readonly Look[]): readonly DrawnLine[] =>
  line.kind === 'query'
    ? linesOfQuery(line, looks)
    : [{ label: line.label, points: pointsOf(line.metric, looks) }];
