import { BEHAVIOURS, type BehaviourFactory, type VirtualDevice } from '@cloudchamber/virtual-device';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { logIn } from '../harness/api-client.ts';
import { chromiumPath, openChromium, Visitor } from '../harness/browser.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { newDeviceIdentity, powerOn } from '../harness/devices.ts';
import { HookTarget } from '../harness/hook-target.ts';

const ACCOUNT = { username: 'devi@example.net', password: 'a password of her own' };
/** The functions of one of the usual behaviours, the variables of another. */
const garden: BehaviourFactory = (device) => ({
  functions: BEHAVIOURS.get('tinker')?.(device).functions ?? {},
  variables: BEHAVIOURS.get('weather')?.(device).variables ?? {},
  subscriptions: [],
});

describe.skipIf(chromiumPath === undefined)('a new developer in the console', () => {
  let server: CloudServer;
  let target: HookTarget;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;
  let device: VirtualDevice;
  let hasFailed = false;

  beforeAll(async () => {
    target = await HookTarget.open('thank you');
    server = await startServer({ env: { CHAMBER_OUTBOUND_ALLOW: '127.0.0.1' } });
    browser = await openChromium();
    visitor = await Visitor.arrive(browser, server);
    ({ page } = visitor);
  }, 60_000);
  afterAll(async () => {
    await device?.disconnect({ timeoutMs: 0 });
    await browser?.close();
    await server?.dispose();
    target?.close();
  });
  beforeEach(({ skip }) => skip(hasFailed, 'what came before it failed'));
  afterEach(({ task }) => {
    hasFailed ||= task.result?.state === 'fail';
  });

  const filter = (): Locator => page.getByLabel('Filter the events');
  const rows = (): Locator => page.getByRole('option').filter({ hasNot: page.locator('[aria-disabled]') });
  const namesShown = async (): Promise<string[]> => [
    ...new Set(
      (await rows().allInnerTexts()).map(
        (text) =>
          text
            .split('\n')
            .find((line) => line.trim() !== '')
            ?.trim() ?? '',
      ),
    ),
  ];
  /** The filter with that text in it shows rows, and each of them passes `test`. */
  const expectFiltered = async (text: string, test: (row: string) => boolean): Promise<void> => {
    await filter().fill(text);
    await expect
      .poll(async () => {
        const shown = await rows().allInnerTexts();
        return shown.length > 0 && shown.every(test);
      })
      .toBe(true);
  };

  it('signs up and is logged in', async () => {
    await visitor.open('/');
    expect(new URL(page.url()).pathname).toBe('/login');
    await page.getByRole('link', { name: 'Sign up' }).click();
    await page.getByLabel('E-mail').fill(ACCOUNT.username);
    await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByRole('button', { name: 'Go to the console' }).click();
    await page.getByRole('heading', { level: 1, name: 'Devices' }).waitFor();
    const cookies = await visitor.context.cookies();
    expect(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite])).toEqual([
      ['chamber_session', true, 'Strict'],
    ]);
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toMatch(/[0-9a-f]{40}/);
  });

  it('claims a virtual device by a claim code', async () => {
    await page.getByRole('button', { name: 'Add device' }).first().click();
    await page.getByRole('tab', { name: 'Device ID or claim code' }).click();
    await page.getByRole('button', { name: 'Create a claim code' }).click();
    const code = (await page.getByRole('dialog').locator('pre').first().textContent())?.trim() ?? '';
    const identity = newDeviceIdentity();
    const operator = await logIn(server);
    await operator.post({
      uri: '/v1/operator/devices',
      data: { id: identity.deviceId, public_key: identity.publicKeyPem },
    });
    device = powerOn(server, identity, { behaviour: garden });
    device.setClaimCode(code);
    await device.connect();
    await page.getByRole('dialog').getByRole('link', { name: /^Open/ }).click();
    await page.getByText(identity.deviceId).first().waitFor();
    await page.getByText('Online', { exact: true }).first().waitFor();
  });

  it('reads a variable and calls a function', async () => {
    await page.getByRole('button', { name: 'Get temperature' }).click();
    await page.getByRole('button', { name: 'Copy value of temperature' }).waitFor();
    await page.getByRole('textbox', { name: 'digitalWrite' }).fill('D7,HIGH');
    await page.getByRole('button', { name: 'Call digitalWrite' }).click();
    await page.getByText('Returned 1').waitFor();
    await page.getByRole('textbox', { name: 'digitalRead' }).fill('D7');
    await page.getByRole('button', { name: 'Call digitalRead' }).click();
    await expect.poll(() => page.getByText('Returned 1').count()).toBe(2);
  });

  it('watches events live, and filters them with each modifier', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Events' }).click();
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
    const developer = await logIn(server, ACCOUNT);
    for (const [name, data] of [
      ['status', 'device-is-ok'],
      ['level', '35'],
      ['level', '75'],
      ['note', 'there are 35 of them'],
    ] as const) {
      await developer.publishEvent({ name, data });
    }
    await device.publish('moisture', '41');
    await rows().filter({ hasText: 'moisture' }).first().waitFor();
    await expectFiltered('event:level', (row) => row.includes('level'));
    expect(await namesShown()).toEqual(['level']);
    await expectFiltered('range:30-50 event:level', (row) => row.includes('35'));
    await expectFiltered('data:device-is-ok', (row) => row.includes('status'));
    await expectFiltered('35 event:note', (row) => row.includes('there are 35'));
    await expectFiltered(`device:${device.deviceId}`, (row) => !row.includes('level'));
    await expectFiltered('ther', (row) => row.includes('there'));
    await filter().fill('event:a event:b');
    await expect.poll(() => filter().getAttribute('aria-invalid')).toBe('true');
    await filter().fill('');
  });

  it('pauses, sees how many wait, and plays', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    const developer = await logIn(server, ACCOUNT);
    for (const data of ['1', '2', '3']) await developer.publishEvent({ name: 'waiting', data });
    await page.getByRole('button', { name: /Play \([3-9]\d* waiting\)/ }).waitFor();
    await page.getByRole('button', { name: /Play/ }).click();
    await rows().filter({ hasText: 'waiting' }).first().waitFor();
  });

  it('publishes, and looks at the event with the arrow keys', async () => {
    await page.getByRole('button', { name: 'Publish event' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('garden');
    await dialog.getByLabel('Data').fill('{"bed":1,"wet":true}');
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await filter().fill('event:garden');
    await rows().first().click();
    const detail = page.getByRole('region', { name: 'Event garden' });
    await detail.getByText('"bed": 1').waitFor();
    await detail.getByRole('button', { name: 'RAW' }).click();
    await detail.getByText('{"bed":1,"wet":true}').waitFor();
    await detail.getByRole('button', { name: 'Copy data' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('{"bed":1,"wet":true}');
    await filter().fill('event:waiting');
    await rows().first().click();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('region', { name: 'Event waiting' }).getByText('2', { exact: true }).first().waitFor();
  });

  it('creates a webhook from JSON and sees its first request', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Integrations' }).click();
    await page.getByRole('link', { name: 'New integration' }).first().click();
    await page.getByRole('tab', { name: 'JSON' }).click();
    const settings = { event: 'garden', url: `${target.url}/in`, requestType: 'POST', name: 'Garden' };
    await page.getByRole('textbox', { name: 'Settings as JSON' }).fill(JSON.stringify(settings));
    await page.getByRole('button', { name: 'Make the integration' }).click();
    await page.getByRole('heading', { level: 1, name: 'Garden' }).waitFor();
    const developer = await logIn(server, ACCOUNT);
    await developer.publishEvent({ name: 'garden', data: 'first' });
    await target.received('/in');
    await page
      .getByRole('button', { name: /garden/ })
      .first()
      .click();
    await page.getByText('thank you').first().waitFor();
  });

  it('had no error in the page, and asked no other host', () => {
    expect(visitor.problems).toEqual([]);
  });
});
