import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preview } from '../../../infra/notify/preview.ts';
import { loadSettings } from '../../../infra/settings.ts';
import { openBrowser } from '../../services/browser.ts';
import { chromium, type Chromium } from '../../services/chromium.ts';

const found: Chromium | string = await chromium().catch((error: unknown) => String(error));
const lacking = typeof found === 'string' ? found : '';

const at = Date.parse('2026-11-30T03:00:00Z');
/** E-mails as they are sent, without the folding of a terminal. */
const mails = Object.fromEntries(
  preview(loadSettings('infra/settings.yaml'), at, Infinity)
    .join('\n')
    .split(/^== /m)
    .flatMap((section) => {
      const [heading = '', , , ...lines] = section.split('\n');
      return heading.endsWith(': e-mail')
        ? [[heading.slice(0, -': e-mail'.length), lines.join('\n').trim()]]
        : [];
    }),
);

let browser: Browser | undefined;
beforeAll(async () => {
  if (typeof found === 'string') return;
  browser = await openBrowser(found);
});
afterAll(() => browser?.close());

const firstScreen = 900;

/** Run in the browser. */
const show = `({ text, words }) => {
  document.body.textContent = text;
  return words.map((word) => {
    const range = document.createRange();
    const from = text.indexOf(word);
    if (from < 0) return -1;
    range.setStart(document.body.firstChild, from);
    range.setEnd(document.body.firstChild, from + word.length);
    return range.getBoundingClientRect().bottom;
  });
}`;

/** How far down, in pixels, the words stand in a mail of text as mail readers show it: in a proportional font, too wide lines broken. */
async function placesOf(words: readonly string[], text: string, width: number): Promise<readonly number[]> {
  if (browser === undefined) throw new Error('no browser');
  const page = await browser.newPage({ viewport: { width, height: firstScreen } });
  try {
    await page.setContent(
      '<body style="margin:12px;font:14px sans-serif;white-space:pre-wrap;overflow-wrap:anywhere"></body>',
    );
    return await page.evaluate(`(${show})(${JSON.stringify({ text, words })})`);
  } finally {
    await page.close();
  }
}

describe('e-mails in a browser', () => {
  it('are these', () => {
    expect(Object.keys(mails)).toEqual([
      'alarm',
      "alarm's end",
      'alarm on findings',
      'alarm on the monitor itself',
      'finding',
      "finding's end",
    ]);
  });

  /** What is wrong, and what is to be done first. */
  const telling: Readonly<Record<string, readonly string[]>> = {
    alarm: ['NATS server hub1 (hub1.nats.example:8222) has not answered for 3 minutes.', 'First: '],
    "alarm's end": ['ALARM -> OK'],
    'alarm on findings': ['NATS cluster prod: a critical finding about its servers is open', 'First: '],
    'alarm on the monitor itself': ['NATS monitoring nats-cloudwatch (cluster prod) has stopped', 'First: '],
    finding: ['hub1 holds 2,417 connections, limit 2,000', 'Since: ', 'What to do'],
    "finding's end": ['RESOLVED SERVER_103', 'Since: '],
  };

  describe.each([800, 390])('%d pixels wide', (width) => {
    it.for(Object.entries(mails))(
      'has on the first screen what matters, in this order: %s',
      async ([about, text], { skip }) => {
        skip(lacking !== '', lacking);
        const places = await placesOf(telling[about] ?? [], text, width);
        expect(places).toHaveLength(telling[about]?.length ?? 0);
        expect(places.every((place, i) => place > (places[i - 1] ?? 0) && place < firstScreen)).toBe(true);
      },
    );
  });
});
