import { chromium as playwright, type Browser } from 'playwright-core';
import type { Chromium } from './chromium.ts';

/** A headless browser, until it is closed. */
export const openBrowser = ({ executablePath, env }: Chromium): Promise<Browser> =>
  playwright.launch({
    executablePath,
    env: { ...process.env, ...env },
    // Root, as in containers, has no sandbox.
    args: ['--no-sandbox'],
  });
