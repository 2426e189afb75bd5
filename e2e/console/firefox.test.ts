import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from '../harness/api-client.ts';
import { firefoxPath } from '../harness/browser.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';

/** Debian's Firefox, by WebDriver BiDi: Playwright drives only builds of its own. A short journey; the long ones are Chromium's. */
describe.skipIf(firefoxPath === undefined)('the console in Firefox', () => {
  let server: CloudServer;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    server = await startServer();
    browser = await puppeteer.launch({ browser: 'firefox', executablePath: firefoxPath ?? '', headless: true });
    page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    page.on('pageerror', (error) => problems.push(String(error)));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.dispose();
  });

  it('logs in, and shows events as they come', async () => {
    await page.goto(`${server.url}/events`);
    await page.locator('input[autocomplete="username"]').fill(server.operator.username);
    await page.locator('input[autocomplete="current-password"]').fill(server.operator.password);
    await page.locator('button[type="submit"]').click();
    await page.locator('::-p-text(Live)').wait();
    expect(new URL(page.url()).pathname).toBe('/events');
    const client = await logIn(server);
    await client.publishEvent({ name: 'garden', data: '{"wet":true}' });
    await page.locator('[role="option"] ::-p-text(garden)').wait();
    await page.locator('[role="option"]').click();
    await page.locator('::-p-text("wet": true)').wait();
  });

  it('goes from page to page without an error', async () => {
    for (const path of ['/devices', '/products', '/integrations', '/account']) {
      await page.goto(`${server.url}${path}`);
      await page.locator('h1').wait();
    }
    expect(problems).toEqual([]);
  });
});
