import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { logIn, refusalOf, signUp } from '../harness/api-client.ts';
import { chromiumPath, openChromium, Visitor } from '../harness/browser.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { newDeviceIdentity } from '../harness/devices.ts';
import { ARGONS, FleetDevice, productApplication } from '../harness/fleet-device.ts';

const LEAD = { username: 'lea@example.net', password: 'a password of her own' };
const ONLOOKER = { username: 'ole@example.net', password: 'a password of his own' };
const ARGON = 12;
const IMPORTED = 1000;
const CONNECTED = 4;
const UPDATED_MS = 60_000;

describe.skipIf(chromiumPath === undefined)('a team lead in the console', () => {
  let server: CloudServer;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;
  let product: number;
  let hasFailed = false;
  const ids: string[] = [];
  const devices: FleetDevice[] = [];

  beforeAll(async () => {
    server = await startServer();
    const operator = await logIn(server);
    while (ids.length < IMPORTED - CONNECTED) {
      const { deviceId, publicKeyPem } = newDeviceIdentity();
      const data = { id: deviceId, public_key: publicKeyPem, platform_id: ARGON };
      await operator.post({ uri: '/v1/operator/devices', data });
      ids.push(deviceId);
    }
    await signUp(server, LEAD);
    await signUp(server, ONLOOKER);
    browser = await openChromium();
    visitor = await Visitor.arrive(browser, server);
    await visitor.logIn(LEAD);
    ({ page } = visitor);
  }, 120_000);
  afterAll(async () => {
    for (const { device } of devices) await device.disconnect({ timeoutMs: 0 });
    await browser?.close();
    await server?.dispose();
  });
  beforeEach(({ skip }) => skip(hasFailed, 'what came before it failed'));
  afterEach(({ task }) => {
    hasFailed ||= task.result?.state === 'fail';
  });

  const dialog = (): Locator => page.getByRole('dialog');
  const goTo = (name: string): Promise<void> =>
    page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
  const runs = (device: FleetDevice, version: number) =>
    expect.poll(() => device.version, { timeout: UPDATED_MS }).toBe(version);
  const upload = async (version: number, title: string): Promise<void> => {
    await page
      .getByRole('button', { name: /^Upload/ })
      .first()
      .click();
    const file = productApplication(ARGON, product, version, 6000);
    await dialog()
      .locator('input[type="file"]')
      .setInputFiles({ name: `v${version}.bin`, mimeType: 'application/octet-stream', buffer: file });
    await dialog().getByLabel('Title').fill(title);
    await expect.poll(() => dialog().getByLabel('Version').inputValue()).toBe(String(version));
    await dialog().getByRole('button', { name: 'Upload', exact: true }).click();
    await page.getByText(title).first().waitFor();
  };
  const release = async (version: number): Promise<void> => {
    await page.getByRole('button', { name: `Actions for version ${version}` }).click();
    await page.getByRole('menuitem', { name: 'Release firmware' }).click();
  };

  it('creates a product', async () => {
    await visitor.open('/products');
    await page.getByRole('button', { name: 'New Product' }).first().click();
    await dialog().getByLabel('Name').fill('Greenhouse');
    await dialog().getByLabel('Type').first().click();
    await page.getByRole('option', { name: /Argon/ }).first().click();
    await dialog().getByRole('button', { name: 'Create product' }).click();
    await page.getByRole('heading', { level: 1, name: 'Greenhouse' }).waitFor();
    const lead = await logIn(server, LEAD);
    const { body } = await lead.listProducts({});
    product = (body.products[0] as { id: number }).id;
    await page.getByText(String(product), { exact: true }).first().waitFor();
  });

  it('imports 1,000 devices from a file', async () => {
    const operator = await logIn(server);
    for (const profile of [...ARGONS, ARGONS[0]].slice(0, CONNECTED)) {
      if (profile === undefined) throw new Error('there is no profile');
      const device = await FleetDevice.register(server, operator, { profile, productId: product, productVersion: 1 });
      devices.push(device);
      ids.push(device.deviceId);
    }
    await goTo('Devices');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog()
      .locator('input[type="file"]')
      .setInputFiles({ name: 'ids.txt', mimeType: 'text/plain', buffer: Buffer.from(`${ids.join('\n')}\n`) });
    await dialog()
      .getByText(/will update|updated|update to/i)
      .first()
      .waitFor();
    await dialog()
      .getByRole('button', { name: /^Import/ })
      .click();
    await dialog().getByRole('status').getByText('1,000 imported').waitFor({ timeout: 30_000 });
    await dialog().getByRole('button', { name: 'Done' }).click();
    await page.getByText('1,000').first().waitFor();
    const lead = await logIn(server, LEAD);
    const { body } = await lead.listDevices({ product, perPage: 1 });
    expect((body as unknown as { meta: { total_records?: number; total_pages: number } }).meta.total_pages).toBe(1000);
  });

  it('uploads firmware, and cannot release it before a device runs it', async () => {
    for (const { device } of devices) await device.connect();
    await goTo('Firmware');
    await upload(2, 'Waters at night');
    await release(2);
    await dialog().getByText('No device of the product has run it yet').waitFor();
  });

  it('locks a device to it, and sees it run', async () => {
    const [pilot] = devices;
    if (pilot === undefined) throw new Error('there is no device');
    await dialog()
      .getByRole('textbox', { name: 'Device' })
      .or(dialog().getByRole('combobox', { name: 'Device' }))
      .first()
      .fill(pilot.deviceId);
    await page.getByRole('option').first().click();
    await dialog().getByRole('button', { name: 'Lock and flash now' }).click();
    await dialog().getByText('Version 2 runs on a device').waitFor({ timeout: UPDATED_MS });
    expect(pilot.version).toBe(2);
    await dialog().getByRole('button', { name: 'Unlock the device' }).click();
    await dialog().getByRole('button', { name: 'Go on to the release' }).click();
  });

  it('releases it to a group, which gets it and nobody else', async () => {
    const lead = await logIn(server, LEAD);
    await lead.post({ uri: `/v1/products/${product}/groups`, data: { name: 'beta' } });
    const member = devices[1];
    if (member === undefined) throw new Error('there is no device');
    const uri = `/v1/products/${product}/devices/${member.deviceId}`;
    await lead.put({ uri, data: { groups: ['beta'] } });
    await page.reload();
    await release(2);
    await dialog()
      .getByRole('textbox', { name: 'Groups' })
      .or(dialog().getByRole('combobox', { name: 'Groups' }))
      .first()
      .click();
    await page.getByRole('option', { name: /beta/ }).click();
    await page.keyboard.press('Escape');
    await dialog().getByLabel("Don't wait for the handshake").check();
    await dialog().getByText('1 device').first().waitFor();
    await dialog().getByRole('button', { name: 'Release this firmware' }).click();
    await runs(member, 2);
    expect(devices.slice(2).map(({ version }) => version)).toEqual([1, 1]);
  });

  it('rolls it out to the rest in steps, and watches', async () => {
    await visitor.open(`/products/${product}/firmware`);
    await release(2);
    await dialog().getByRole('button', { name: 'Release in steps instead' }).click();
    await dialog().getByLabel('Product default').check();
    await dialog().getByLabel("Don't wait for the handshake").check();
    await dialog().getByRole('button', { name: 'Begin the rollout' }).click();
    await page.getByRole('heading', { level: 1, name: 'Rollout of version 2' }).waitFor();
    await page.getByRole('button', { name: /^Pause/ }).click();
    await page.getByText('Paused', { exact: true }).first().waitFor();
  });

  it('invites somebody who may only look', async () => {
    await goTo('Team');
    await page.getByRole('button', { name: 'Invite team member' }).click();
    await dialog().getByLabel('E-mail').fill(ONLOOKER.username);
    await dialog().getByLabel('View-only').check();
    await dialog().getByRole('button', { name: 'Invite', exact: true }).click();
    await page.getByText('invited, has not answered').waitFor();
  });

  it('who accepts, sees everything and can change nothing', async () => {
    const onlooker = await Visitor.arrive(browser, server);
    const { page: theirs } = onlooker;
    await onlooker.open('/login');
    await theirs.getByLabel('E-mail').fill(ONLOOKER.username);
    await theirs.getByLabel('Password', { exact: true }).fill(ONLOOKER.password);
    await theirs.getByRole('button', { name: 'Log in' }).click();
    await theirs.getByRole('heading', { level: 1, name: 'Devices' }).waitFor();
    await onlooker.open('/invitations');
    await theirs.getByRole('button', { name: /^Accept/ }).click();
    await onlooker.open(`/products/${product}/devices`);
    await theirs.getByText(String(product), { exact: true }).first().waitFor();
    await theirs.getByRole('navigation').getByRole('link', { name: 'Firmware' }).waitFor();
    for (const [path, forbidden] of [
      ['devices', 'Import'],
      ['firmware', 'Upload'],
      ['team', 'Invite team member'],
      ['groups', 'New group'],
    ] as const) {
      await onlooker.open(`/products/${product}/${path}`);
      await theirs.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
      expect(await theirs.getByRole('button', { name: forbidden }).count(), path).toBe(0);
    }
    const client = await logIn(server, ONLOOKER);
    const refusal = await refusalOf(client.post({ uri: `/v1/products/${product}/groups`, data: { name: 'mine' } }));
    expect(refusal.status).toBe(403);
    expect(onlooker.problems).toEqual([]);
  });

  it('had no error in the page, and asked no other host', () => {
    expect(visitor.problems).toEqual([]);
  });
});
