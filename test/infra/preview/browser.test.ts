import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preview } from '../../../infra/preview/command.ts';
import { openBrowser } from '../../services/browser.ts';
import { chromium, type Chromium } from '../../services/chromium.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { pageOfHundred } from './hundred-servers.ts';

const found: Chromium | string = await chromium().catch((error: unknown) => String(error));

const folder = temporaryFolder('preview');
const pages = {
  'of three servers': path.join(folder, 'dashboard.html'),
  'of a hundred servers': path.join(folder, 'hundred.html'),
} as const;
let browser: Browser | undefined;
beforeAll(async () => {
  if (typeof found === 'string') return;
  const made = await preview([], { info: () => {}, warn: (message) => expect.unreachable(message) });
  writeFileSync(pages['of three servers'], made?.html ?? '');
  writeFileSync(pages['of a hundred servers'], pageOfHundred());
  browser = await openBrowser(found);
});
afterAll(() => browser?.close());

/** The page as somebody opens it, and what the browser had to say and to ask for. */
async function opened(address: string, width: number, colorScheme: 'light' | 'dark' = 'light') {
  if (browser === undefined) throw new Error('no browser');
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', ({ message }) => said.push(message));
  page.on('request', (request) => said.push(`asks for ${request.url().slice(0, 100)}`));
  await page.goto(address);
  return { page, said };
}

const inPage = readFileSync(path.join(import.meta.dirname, 'in-page.js'), 'utf8');
/** What a function of that file says of the page. */
const asked = <T>(page: Page, name: string): Promise<readonly T[]> => page.evaluate(`${inPage}\n${name}()`);

type Text = { readonly text: string; readonly size: number; readonly contrast: number };

describe('the preview in a browser', () => {
  it('is looked at', ({ skip }) => {
    skip(typeof found === 'string', typeof found === 'string' ? found : '');
    expect(browser?.isConnected()).toBe(true);
  });

  const views = [
    ...[1_280, 800, 420].flatMap((width) =>
      (['light', 'dark'] as const).map((scheme) => ['of three servers', width, scheme] as const),
    ),
    ['of a hundred servers', 1_280, 'light'] as const,
    ['of a hundred servers', 800, 'dark'] as const,
  ];
  describe.skipIf(typeof found === 'string').each(views)('%s, %i px wide, %s,', (which, width, scheme) => {
    const address = pathToFileURL(pages[which]).href;

    it('asks for nothing else and has nothing to complain of', async () => {
      const { page, said } = await opened(address, width, scheme);
      expect(said).toEqual([`asks for ${address.slice(0, 100)}`]);
      await page.close();
    });

    it('cuts nothing off, and lets nothing stick out', async () => {
      const { page } = await opened(address, width, scheme);
      expect(await asked(page, 'overflowing')).toEqual([]);
      await page.close();
    });

    it('draws a line in every graph', async () => {
      const { page } = await opened(address, width, scheme);
      expect(await page.locator('section.graph svg').count()).toBeGreaterThan(10);
      expect(await asked(page, 'blank')).toEqual([]);
      await page.close();
    });

    it('can be read: letters of 11 px or more that stand out from what is behind them', async () => {
      const { page } = await opened(address, width, scheme);
      const all = await asked<Text>(page, 'texts');
      expect(all.length).toBeGreaterThan(200);
      expect(all.filter(({ size, contrast }) => size < 11 || contrast < 4.5)).toEqual([]);
      await page.close();
    });
  });
});

describe.skipIf(typeof found === 'string')("the README's picture in a browser", () => {
  it('holds all its lines', async () => {
    const picture = path.resolve('infra/local/terminal.svg');
    const { page, said } = await opened(pathToFileURL(picture).href, 1_280);
    expect(await page.locator('text').count()).toBeGreaterThan(30);
    expect(await asked(page, 'outsideOfPicture')).toEqual([]);
    expect(said).toHaveLength(1);
    expect(readFileSync(picture, 'utf8')).not.toMatch(/href="http/);
    await page.close();
  });
});
