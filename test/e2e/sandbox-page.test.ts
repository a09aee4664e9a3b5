import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../support/slack/wait-until.ts';
import { freePort } from '../support/towpath/free-port.ts';

const PICTURES = new URL('../../test-results/', import.meta.url).pathname;
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What `npm start` starts, with nothing set but where to keep data and which port to take. */
async function startSandbox(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { PATH, HOME, TOWPATH_DATA: dataDir, PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = await waitUntil(
    'the address',
    () => {
      if (child.exitCode !== null) throw new Error(`It ended at its start: ${output}`);
      return output.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
    },
    90_000,
  );
  return { child, url };
}

describe('a newcomer in the sandbox', () => {
  let dataDir: string;
  let sandbox: { child: ChildProcess; url: string };
  let browser: Browser;
  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    dataDir = await mkdtemp(join(tmpdir(), 'towpath-sandbox-'));
    await chmod(dataDir, 0o755);
    sandbox = await startSandbox(dataDir);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  });
  // A browser opens six connections to one address at most, and each page keeps one.
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    if (sandbox !== undefined) {
      const ended = once(sandbox.child, 'exit');
      sandbox.child.kill('SIGTERM');
      await ended;
    }
    await rm(dataDir, { recursive: true, force: true });
  });

  async function open(person: string, size = { width: 1280, height: 900 }): Promise<Page> {
    const page = await browser.newPage({ viewport: size });
    page.on('pageerror', (error) => expect.fail(`The page failed: ${error.message}`));
    await page.goto(`${sandbox.url}/?as=${person}`);
    await page.getByRole('log').waitFor();
    return page;
  }

  async function say(page: Page, text: string): Promise<void> {
    await page.getByRole('textbox', { name: 'Message', exact: false }).fill(text);
    await page.keyboard.press('Enter');
  }

  /** The newest card or receipt that says all of this. */
  function card(page: Page, ...says: string[]): Locator {
    return says
      .reduce((found, text) => found.filter({ hasText: text }), page.getByRole('log').getByRole('article'))
      .last();
  }

  async function picture(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: `${PICTURES}${name}.png` });
  }

  test('promotes as the developer, approves as a lead on a phone, and rolls back as on-call', async () => {
    const dana = await open('U0DANA');
    await say(dana, '/promote summarize-flow staging urgent tickets must page on-call');
    const asked = card(dana, 'summarize-flow', 'urgent tickets must page on-call');
    await asked.getByRole('button', { name: 'Approve' }).waitFor();
    await picture(dana, '1-card');
    expect(await asked.textContent()).toContain('Quality threshold of ‘Check’ changed from 0.75 to 0.8');

    const lee = await open('U0LEE', { width: 390, height: 844 });
    const onPhone = card(lee, 'summarize-flow', 'urgent tickets must page on-call');
    await onPhone.getByRole('button', { name: 'Full diff' }).click();
    const dialog = lee.getByRole('dialog');
    await dialog.getByText('changes', { exact: false }).first().waitFor();
    await picture(lee, '2-diff-on-a-phone');
    await lee.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await onPhone.getByRole('button', { name: 'Approve' }).click();
    await card(lee, 'Live in staging', 'urgent tickets').getByRole('button', { name: 'Roll back' }).waitFor();
    await picture(lee, '3-approved-on-a-phone');
    // In place, and without a reload, for whoever else looks at it.
    await card(dana, 'Live in staging', 'urgent tickets').waitFor();
    expect(await asked.getByRole('button', { name: 'Approve' }).count()).toBe(0);

    const omar = await open('U0OMAR', { width: 390, height: 844 });
    await card(omar, 'Live in staging', 'urgent tickets').getByRole('button', { name: 'Roll back' }).click();
    await picture(omar, '4-confirm-on-a-phone');
    await omar.getByRole('alertdialog').getByRole('button', { name: 'Roll back' }).click();
    const receipt = card(omar, 'v3 (better-model)', 'Undo');
    await receipt.getByRole('button', { name: 'Undo' }).waitFor();
    await picture(omar, '5-rolled-back-on-a-phone');
    await picture(dana, '6-rolled-back');
  });

  test('sees on the card what changes in the graph, larger by a tap', async () => {
    const lee = await open('U0LEE', { width: 390, height: 844 });
    // Of the request that the samples bring along; the same in words is its name.
    const shown = lee.getByRole('log').getByRole('button', { name: 'The workflow as a graph' }).last();
    await shown.scrollIntoViewIfNeeded();
    const image = shown.locator('img');
    await waitUntil('the picture', () => image.evaluate((img: HTMLImageElement) => img.naturalWidth > 300));
    expect((await image.boundingBox())?.width).toBeLessThan(390);
    await picture(lee, '8-picture-on-a-phone');
    await shown.click();
    const large = lee.getByRole('dialog', { name: 'Picture' });
    await large.getByText('The workflow as a graph').waitFor();
    await picture(lee, '9-picture-enlarged');
    await lee.keyboard.press('Escape');
    await large.waitFor({ state: 'detached' });
  });

  test('is told privately why, when somebody may not', async () => {
    const grace = await open('U0GRACE');
    await say(grace, '/promote summarize-flow production');
    const answer = grace.getByText('belongs to support', { exact: false }).last();
    await answer.waitFor();
    await picture(grace, '7-refused');
    const dana = await open('U0DANA');
    expect(await dana.getByText('belongs to support', { exact: false }).count()).toBe(0);
  });
});
