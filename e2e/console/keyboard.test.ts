import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from '../harness/api-client.ts';
import { chromiumPath, openChromium, Visitor } from '../harness/browser.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { addDevice } from '../harness/devices.ts';

/** Nothing here touches the mouse. */
describe.skipIf(chromiumPath === undefined)('the console by keyboard alone', () => {
  let server: CloudServer;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;
  let disconnect = async (): Promise<void> => {};

  beforeAll(async () => {
    server = await startServer();
    const device = await addDevice(server, await logIn(server), 'tinker');
    disconnect = () => device.disconnect({ timeoutMs: 0 });
    browser = await openChromium();
    visitor = await Visitor.arrive(browser, server);
    ({ page } = visitor);
  }, 60_000);
  afterAll(async () => {
    await disconnect();
    await browser?.close();
    await server?.dispose();
  });

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const heading = (name: string): Promise<void> => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  /** Goes on with Tab until what has the focus is called so. */
  const tabTo = async (name: string | RegExp): Promise<void> => {
    const isThere = (label: string) => (typeof name === 'string' ? label === name : name.test(label));
    for (let tries = 0; tries < 60; tries++) {
      const label = await page.evaluate<string>(
        "(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()",
      );
      if (isThere(label)) return;
      await press('Tab');
    }
    throw new Error(`Tab never came to ${name}`);
  };

  it('logs in', async () => {
    await visitor.open('/');
    await page.keyboard.type(server.operator.username);
    await press('Tab');
    await page.keyboard.type(server.operator.password);
    await press('Enter');
    await heading('Devices');
  });

  it('jumps to the content, past the navigation', async () => {
    await page.reload();
    await heading('Devices');
    await press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await press('Enter');
    expect(new URL(page.url()).hash).toBe('#content');
  });

  it('finds a device in the palette, and calls a function of it', async () => {
    await press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('tinker');
    await page.getByRole('dialog').getByText('tinker', { exact: true }).first().waitFor();
    await press('ArrowDown', 'Enter');
    await heading('tinker');
    await page.getByRole('textbox', { name: 'digitalWrite' }).focus();
    await page.keyboard.type('D7,HIGH');
    await press('Enter');
    await page.getByText('Returned 1').waitFor();
  });

  it('goes to events, filters, walks through them', async () => {
    await tabTo('Call digitalWrite');
    await press('g', 'e');
    await heading('Events');
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
    const client = await logIn(server);
    for (const data of ['1', '2', '3']) await client.publishEvent({ name: 'step', data });
    await press('/');
    await page.keyboard.type('event:step');
    await expect.poll(() => page.getByRole('option').count()).toBe(3);
    await page.getByRole('listbox').focus();
    await press('ArrowDown', 'ArrowDown');
    await page.getByRole('region', { name: 'Event step' }).waitFor();
    await press('Escape');
    await expect.poll(() => page.getByRole('region', { name: 'Event step' }).count()).toBe(0);
  });

  it('shows its keys, and gives the focus back', async () => {
    await press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });

  it('logs out', async () => {
    await tabTo(/^Account of/);
    await press('Enter');
    const item = page.getByRole('menuitem', { name: 'Log out' });
    await item.waitFor();
    await expect
      .poll(async () => {
        await press('ArrowDown');
        return page.evaluate('document.activeElement.textContent');
      })
      .toBe('Log out');
    await press('Enter');
    await heading('Log in');
    expect(visitor.problems).toEqual([]);
  });
});
