import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import type { RunDocument } from './document.ts';
import { lookLines } from './screen/look.ts';
import type { Page } from './screen/styles.ts';
import { lineWatch, screenWatch, type Seen } from './screen/watch.ts';

export type { Seen } from './screen/watch.ts';
export type { ShownAlarm } from './screen/alarms.ts';

type Out = WriteStream | NodeJS.WriteStream;

/** Of what is no terminal, or does not say how large it is. */
const usual = { columns: 100, rows: 24 } as const;
const narrowest = 40;
/** Below the summary a prompt comes, and before it an empty line. */
const beside = 4;

/** Shows runs on a terminal: colours, progress and drawing anew only where the stream is a TTY. */
export type Terminal = {
  /** Says what is going on until the function returned is called. */
  readonly progress: (text: string) => () => void;
  readonly warn: (text: string) => void;
  /** One look. */
  readonly show: (document: RunDocument) => void;
  /** One look of a watch, which takes the whole screen of a TTY until `end`. */
  readonly watch: (seen: Seen) => void;
  /** Gives the screen back as it was; may be called again. */
  readonly end: () => void;
};

export function terminal(out: Out, err: NodeJS.WriteStream): Terminal {
  const page = (): Page => ({
    paint: (style, text) => styleText(style, text, { stream: out }),
    width: Math.max(narrowest, (out.isTTY ? out.columns : 0) || usual.columns),
  });
  const rows = () => (out.isTTY ? out.rows : 0) || usual.rows;
  const write = (lines: readonly string[]) => {
    if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
  };
  const warning = (text: string) => void err.write(`warning: ${text}\n`);
  const own = out.isTTY ? wholeScreen(out, page, rows) : null;
  const linesOf = lineWatch();
  return {
    progress(text) {
      if (!err.isTTY) return () => {};
      err.write(`${text} ...`);
      return () => void err.write('\r\x1b[K');
    },
    warn: (text) => (own?.isOpen() === true ? own.warn(text) : warning(text)),
    show: (document) => write(lookLines(document, page(), rows() - beside)),
    watch(seen) {
      if (own === null) write(linesOf(seen, page(), rows() - beside));
      else own.watch(seen);
    },
    end() {
      if (own === null || !own.isOpen()) return;
      const { lines, warnings } = own.close();
      write(lines);
      for (const each of warnings) warning(each);
    },
  };
}

const alternate = {
  enter: '\x1b[?1049h\x1b[?25l',
  leave: '\x1b[?25h\x1b[?1049l',
  home: '\x1b[H\x1b[2J',
} as const;

/** The alternate screen of a TTY, drawn anew at each look and when its size changes. */
function wholeScreen(out: Out, page: () => Page, rows: () => number) {
  const watched = screenWatch();
  const warnings: string[] = [];
  let open = false;
  // The last line is for progress.
  const draw = () =>
    void out.write(`${alternate.home}${watched.draw(page(), rows() - 1, warnings).join('\n')}\n`);
  return {
    isOpen: () => open,
    warn(text: string): void {
      warnings.push(text);
      draw();
    },
    watch(seen: Seen): void {
      watched.take(seen);
      if (!open) {
        out.write(alternate.enter);
        out.on('resize', draw);
        open = true;
      }
      draw();
    },
    /** @returns what is to be left on the screen, and what was warned of */
    close() {
      open = false;
      out.off('resize', draw);
      out.write(alternate.leave);
      return { lines: watched.farewell(page(), rows() - beside), warnings: warnings.splice(0) };
    },
  };
}
