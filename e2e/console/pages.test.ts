import { mkdir, writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openChromium, type Scheme, sidewaysPixels, Visitor, violationsOf } from '../harness/browser.ts';
import type { Account } from '../harness/cloud-server.ts';
import { SampleCloud, type SampleIds } from './sample-cloud.ts';

const FOLDER = new URL('../../docs/screenshots/', import.meta.url);
const WIDTHS = [1440, 360] as const;
/** What a page may take to be filled. */
const SETTLED_MS = 15_000;

interface PageOfConsole {
  /** Of its pictures. */
  readonly name: string;
  path(ids: SampleIds): string;
  /** Who looks at it: the operator, who has everything, when left out. */
  readonly as?: 'newcomer' | 'onlooker' | 'nobody';
}

const at = (name: string, path: string | ((ids: SampleIds) => string), as?: PageOfConsole['as']): PageOfConsole => ({
  name,
  path: typeof path === 'string' ? () => path : path,
  ...(as && { as }),
});
const inProduct = (name: string, path: (ids: SampleIds) => string, as?: PageOfConsole['as']) =>
  at(`product-${name}`, (ids) => `/products/${ids.product}${path(ids)}`, as);
const inOrganization = (name: string, path: string) =>
  at(`organization-${name}`, (ids) => `/orgs/${ids.organization}${path}`);

/** Every page of the console. A test holds it against the addresses that the console has. */
const PAGES: readonly PageOfConsole[] = [
  at('login', '/login', 'nobody'),
  at('sign-up', '/signup', 'nobody'),
  at('forgot-password', '/forgot-password', 'nobody'),
  at('devices', '/devices'),
  at('devices-empty', '/devices', 'newcomer'),
  at('device', (ids) => `/devices/${ids.deviceId}`),
  at('events', '/events?span=hour'),
  at('events-empty', '/events', 'newcomer'),
  at('integrations', '/integrations'),
  at('integrations-empty', '/integrations', 'newcomer'),
  at('integration-new', '/integrations/new'),
  at('integration', (ids) => `/integrations/${ids.integrationId}`),
  at('products', '/products'),
  at('products-empty', '/products', 'newcomer'),
  at('authentication', '/authentication'),
  at('account', '/account'),
  at('invitations', '/invitations'),
  at('doctor', '/doctor'),
  at('operator', '/operator'),
  inProduct('overview', () => ''),
  inProduct('devices', () => '/devices'),
  inProduct('devices-view-only', () => '/devices', 'onlooker'),
  inProduct('device', (ids) => `/devices/${ids.productDeviceId}`),
  inProduct('groups', () => '/groups'),
  inProduct('firmware', () => '/firmware'),
  inProduct('rollout', (ids) => `/rollouts/${ids.rolloutId}`),
  inProduct('customers', () => '/customers'),
  inProduct('team', () => '/team'),
  inProduct('events', () => '/events?span=hour'),
  inProduct('integrations', () => '/integrations'),
  inProduct('integration-new', () => '/integrations/new'),
  inProduct('integration', (ids) => `/integrations/${ids.productIntegrationId}`),
  inProduct('authentication', () => '/authentication'),
  inProduct('doctor', () => '/doctor'),
  inProduct('settings', () => '/settings'),
  inProduct('audit', () => '/audit'),
  inOrganization('products', '/products'),
  inOrganization('team', '/team'),
  inOrganization('events', '/events'),
  inOrganization('integrations', '/integrations'),
  inOrganization('integration-new', '/integrations/new'),
  inOrganization('settings', '/settings'),
  inOrganization('audit', '/audit'),
];

describe.skipIf(chromiumPath === undefined)('every page of the console', () => {
  let sample: SampleCloud;
  let browser: Browser;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    sample = await SampleCloud.start();
    browser = await openChromium();
    await mkdir(FOLDER, { recursive: true });
  }, 120_000);
  afterAll(async () => {
    for (const visitor of visitors) await visitor.leave();
    await browser?.close();
    await sample?.close();
  });

  const accountOf = (as: PageOfConsole['as']): Account | undefined => {
    if (as === 'nobody') return undefined;
    return as === undefined ? sample.server.operator : sample[as];
  };

  describe.each<Scheme>(['light', 'dark'])('in %s colours', (scheme) => {
    const byAccount = new Map<string, Visitor>();
    const visitorFor = async (as: PageOfConsole['as']): Promise<Visitor> => {
      const key = as ?? '';
      const known = byAccount.get(key);
      if (known !== undefined) return known;
      const visitor = await Visitor.arrive(browser, sample.server, { scheme });
      visitors.push(visitor);
      const account = accountOf(as);
      if (account !== undefined) await visitor.logIn(account);
      byAccount.set(key, visitor);
      return visitor;
    };

    it.each(PAGES)('$name', async ({ name, path, as }) => {
      const visitor = await visitorFor(as);
      const { page } = visitor;
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width === 360 ? 780 : 900 });
        await visitor.open(path(sample.ids));
        await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: SETTLED_MS });
        expect(await violationsOf(page), `WCAG at ${width} px`).toEqual([]);
        expect(await sidewaysPixels(page), `pixels to scroll sideways at ${width} px`).toBeLessThanOrEqual(0);
        const picture = await page.screenshot({ animations: 'disabled' });
        if (process.env.CI === undefined) await writeFile(new URL(`${name}-${scheme}-${width}.png`, FOLDER), picture);
      }
      expect(visitor.problems.splice(0)).toEqual([]);
    });
  });
});
