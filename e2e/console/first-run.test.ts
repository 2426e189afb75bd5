import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openChromium, Visitor, violationsOf } from '../harness/browser.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';

describe.skipIf(chromiumPath === undefined)('a fresh cloud', () => {
  let server: CloudServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startServer({ env: { CHAMBER_OPERATOR_EMAIL: '', CHAMBER_OPERATOR_PASSWORD: '' } });
    browser = await openChromium();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.dispose();
  });

  it('is set up by whoever has the address that it prints', async () => {
    const printed = /http:\/\/\S+\/setup\?code=\S+/.exec(`${server.program.stdout}${server.program.stderr}`)?.[0];
    if (printed === undefined) throw new Error(`no address was printed\n${server.program.stdout}`);
    const visitor = await Visitor.arrive(browser, server);
    const { page } = visitor;
    await visitor.open('/');
    expect(new URL(page.url()).pathname).toBe('/setup');
    await visitor.open(printed);
    expect(await violationsOf(page)).toEqual([]);
    await page.getByLabel('E-mail').fill('first@example.net');
    const passwords = page.locator('input[type="password"]');
    for (const field of await passwords.all()) await field.fill('a password of ours');
    await page.locator('button[type="submit"]').click();
    await page
      .getByRole('link', { name: /console|devices/i })
      .or(page.getByRole('button', { name: /console/i }))
      .first()
      .click();
    await page.getByRole('navigation').getByRole('link', { name: 'Operator' }).waitFor();
    expect(visitor.problems).toEqual([]);
    const other = await Visitor.arrive(browser, server);
    await other.open(printed);
    expect(await other.page.locator('button[type="submit"]').count()).toBe(0);
  });
});
