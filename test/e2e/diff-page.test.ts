import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signDiffLink } from '../../src/domain/diff-link.ts';
import { type DiffServer, OURS, startDiffServer } from '../support/http/start-diff-server.ts';
import { LINK_KEY } from '../support/http/start-test-server.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-sync',
];

describe('the page of a comparison in a browser', () => {
  let server: DiffServer;
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    server = await startDiffServer();
    const [from = '', , to = ''] = server.versions;
    const expiresAt = new Date(Date.now() + 600_000);
    address = `${server.url}/diff/${signDiffLink({ workspaceId: OURS, subject: { from, to }, expiresAt }, LINK_KEY)}`;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function open(width: number, colorScheme: 'light' | 'dark') {
    const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
    const trouble: string[] = [];
    page.on('console', (message) => trouble.push(message.text()));
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('dialog', (dialog) => {
      trouble.push('a script ran');
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${server.url}/`)) trouble.push(request.url());
    });
    await page.goto(address);
    return { page, trouble };
  }

  const widthOf = async (page: Page, selector: string) => (await page.locator(selector).boundingBox())?.width ?? 0;

  test.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('fits %i pixels, %s, and neither runs nor fetches what a prompt holds', async (width, scheme) => {
    const { page, trouble } = await open(width, scheme);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(trouble).toEqual([]);
    expect(await page.locator('script, img, iframe').count()).toBe(0);
    expect(await page.getByText('Be brief and honest.').first().isVisible()).toBe(true);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(paper === 'rgb(255, 255, 255)').toBe(scheme === 'light');
    await page.close();
  });

  test('shows both versions of a prompt beside each other, on a phone one below the other', async () => {
    const box = async (page: Page, words: string) => {
      const found = await page.locator('.cell', { hasText: words }).first().boundingBox();
      return found ?? { x: 0, y: 0 };
    };
    for (const [width, isBeside] of [
      [1280, true],
      [390, false],
    ] as const) {
      const { page } = await open(width, 'light');
      const [old, now] = [await box(page, 'Be brief and kind.'), await box(page, 'Be brief and honest.')];
      expect([now.x > old.x, now.y > old.y]).toEqual([isBeside, !isBeside]);
      await page.close();
    }
  });

  test('zooms the picture without a script, and scrolls it inside its frame', async () => {
    const { page } = await open(390, 'light');
    const fit = await widthOf(page, '.picture svg');
    expect(fit).toBeLessThanOrEqual(390);
    await page.getByText('200 %').click();
    expect(await widthOf(page, '.picture svg')).toBeGreaterThan(2 * fit);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    // By the keyboard, too.
    await page.keyboard.press('ArrowLeft');
    expect(await page.getByRole('radio', { name: '100 %' }).isChecked()).toBe(true);
    await page.getByText('Fit').click();
    expect(await widthOf(page, '.picture svg')).toBe(fit);
    await page.close();
  });
});
