/** Of lines, on light and on dark. */
const palette = [
  ['#0972d3', '#6ab4ff'],
  ['#c33d69', '#ff8fb3'],
  ['#067f68', '#4fd1b5'],
  ['#8456ce', '#c3a1ff'],
  ['#b25f00', '#ffb25c'],
  ['#3f6f8f', '#8fc4e6'],
  ['#962249', '#ff9f9f'],
  ['#5e6f1f', '#c3d36b'],
  ['#2b3a9f', '#a3b0ff'],
  ['#6b4a2b', '#d9b48f'],
] as const;

/** How many classes of lines there are, `c0` and so on. */
export const lineClasses = palette.length;

const classes = palette
  .map(
    (_, i) =>
      `.line.c${i} { stroke: var(--c${i}); } .area.c${i}, .dot.c${i} { fill: var(--c${i}); } i.c${i} { background: var(--c${i}); }`,
  )
  .join('\n');
const variables = (theme: 0 | 1): string =>
  palette.map((colours, i) => `--c${i}: ${colours[theme]};`).join(' ');

/** Lighter on dark; widths of CloudWatch's grid of 24. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f2f3f3; --card: #fff; --ink: #16191f; --faint: #545b64; --rule: #d5dbdb;
  --bad: #b0131c; --unsure: #5f6b7a; --good: #1d6b33;
  ${variables(0)}
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f141a; --card: #161d26; --ink: #dedee3; --faint: #a4abb5; --rule: #333e4c;
    --bad: #ff7a7a; --unsure: #a4abb5; --good: #5fc37e;
    ${variables(1)}
  }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 12px; background: var(--page); color: var(--ink); font: 14px/1.45 system-ui, sans-serif; }
main { max-width: 1600px; margin: 0 auto; }
.grid { display: grid; grid-template-columns: repeat(24, minmax(0, 1fr)); gap: 12px; margin-bottom: 12px; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 12px; min-width: 0; }
.w8 { grid-column: span 8; } .w16 { grid-column: span 16; } .w24 { grid-column: span 24; }
h1 { font-size: 20px; margin: 0 0 8px; } h2 { font-size: 14px; margin: 0 0 8px; }
p { margin: 8px 0 0; } ol { margin: 0; padding-left: 22px; } a { color: var(--c0); }
code { font: 13px ui-monospace, monospace; }
ul { list-style: none; margin: 0; padding: 0; }
.alarms li { display: grid; grid-template-columns: 92px minmax(0, 1fr); gap: 8px; padding: 3px 0; font-size: 13px; }
.alarms span { overflow-wrap: anywhere; }
.ALARM b { color: var(--bad); } .INSUFFICIENT_DATA b, .none b { color: var(--unsure); font-weight: 400; } .OK b { color: var(--good); }
.none { color: var(--faint); }
svg { display: block; width: 100%; height: auto; }
.rule { stroke: var(--rule); } .tick { fill: var(--faint); font: 13px system-ui, sans-serif; }
.line { fill: none; stroke-width: 1.75; stroke-linejoin: round; } .area { stroke: none; fill-opacity: 0.25; } .dot { stroke: none; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; margin-top: 6px; font-size: 13px; }
.legend li { min-width: 0; overflow-wrap: anywhere; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; }
${classes}
footer { max-width: 1600px; margin: 0 auto; color: var(--faint); font-size: 13px; }
@media (max-width: 1179px) { .w8 { grid-column: span 12; } .w16 { grid-column: span 24; } }
@media (max-width: 779px) { .w8, .w16 { grid-column: span 24; } }
`;
