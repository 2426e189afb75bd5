import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from '../harness/api-client.ts';
import { chromiumPath, openChromium, Visitor } from '../harness/browser.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { eventually } from '../harness/eventually.ts';

const EACH = 20;
/** So tall that all rows are in view: the log renders no others. */
const HEIGHT = 3200;
const RESUMED_MS = 30_000;

describe.skipIf(chromiumPath === undefined)('a tab that stays open while the cloud restarts', () => {
  let server: CloudServer;
  let browser: Browser;
  let visitor: Visitor;

  beforeAll(async () => {
    server = await startServer();
    browser = await openChromium();
    visitor = await Visitor.arrive(browser, server, { height: HEIGHT });
    await visitor.logIn(server.operator);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.dispose();
  });

  /** What the log shows of the events of this test, oldest first. */
  const shown = async (): Promise<string[]> => {
    const rows = await visitor.page.getByRole('option').allInnerTexts();
    return rows.flatMap((row) => /no-(\d+)/.exec(row)?.[1] ?? []).reverse();
  };
  const publish = async (from: number): Promise<void> => {
    const client = await logIn(server);
    for (let at = from; at < from + EACH; at++) await client.publishEvent({ name: 'count', data: `no-${at}` });
  };
  const upTo = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at));

  it('goes on by itself after kill -9, and shows each event once', async () => {
    const { page } = visitor;
    await visitor.open('/events');
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
    await publish(0);
    await eventually('the first events', async () => (await shown()).length >= EACH);
    await server.kill9();
    await page
      .getByText(/Reconnecting|Connecting/)
      .first()
      .waitFor();
    await server.start();
    await publish(EACH);
    await eventually('all events', async () => (await shown()).length >= 2 * EACH, RESUMED_MS);
    expect(await shown()).toEqual(upTo(2 * EACH));
  });

  it('goes on from its opening when nothing had come before the end', async () => {
    const { page } = visitor;
    await page.reload();
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
    await server.kill9();
    await server.start();
    await publish(2 * EACH);
    await eventually('the missed events', async () => (await shown()).length >= EACH, RESUMED_MS);
    expect((await shown()).slice(-EACH)).toEqual(upTo(3 * EACH).slice(-EACH));
    expect(visitor.problems).toEqual([]);
  });
});
