import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromiumPath, openChromium } from '../../e2e/harness/browser.ts';
import type { Load } from '../load.ts';
import type { Paced } from '../load-process.ts';
import { percentile } from '../percentile.ts';
import type { ServerProcess } from '../server-process.ts';
import { connectDevices, registerDevices } from './publish.ts';

type Browser = Awaited<ReturnType<typeof openChromium>>;
type Page = Awaited<ReturnType<Browser['newPage']>>;

export interface EventPageFigures {
  readonly perSecond: number;
  readonly seconds: number;
  /** Time from the begin of one frame of the page's main thread to the next, ms, by the browser's own trace; `count` of them, `drawn` on the screen. */
  readonly frame: {
    readonly count: number;
    readonly drawn: number;
    readonly p50: number;
    readonly p95: number;
    readonly worst: number;
  };
  /** The page's JavaScript heap after collections: when the log was full for the first time, and at the end. */
  readonly heapBytes: { readonly before: number; readonly after: number };
}

const PER_SECOND = 1000;
const DEVICES = 100;
/** More than the page keeps, so that the measured stretch begins with a full log. */
const WARM_UP_SECONDS = 12;
/** In Chromium's trace. */
const BEGIN = 'BeginMainThreadFrame';
const DRAWN = 'DrawFrame';
const FRAMES: readonly string[] = [BEGIN, DRAWN];
/** Asks for every frame, so that none is left out because nothing has changed. */
const EVERY_FRAME = '(function next() { requestAnimationFrame(next); })()';
const BUILD = fileURLToPath(new URL('../../scripts/build-console.mjs', import.meta.url));

/**
 * The console's page of events in Chromium, while devices publish to the same account.
 * @param seconds that are measured @returns undefined where there is no Chromium @throws Error when the page doesn't show the newest event at the end
 */
export async function measureEventPage(
  server: ServerProcess,
  load: Load,
  seconds: number,
): Promise<EventPageFigures | undefined> {
  if (chromiumPath === undefined) return undefined;
  execFileSync(process.execPath, [BUILD], { stdio: 'inherit' });
  await registerDevices(server, load, DEVICES, 1);
  await connectDevices(load);
  const browser = await openChromium();
  try {
    const page = await openEvents(browser, server);
    const publish = (length: number) => load.tell<Paced>({ do: 'pace', seconds: length, perSecond: PER_SECOND });
    await publish(WARM_UP_SECONDS);
    const before = await heapBytes(page);
    const endTrace = await traceFrames(browser);
    const { publishes, seconds: taken } = await publish(seconds);
    const { times, drawn } = await endTrace();
    await checkNewest(page, server);
    const after = await heapBytes(page);
    const frame = {
      count: times.length,
      drawn,
      p50: percentile(times, 50),
      p95: percentile(times, 95),
      worst: percentile(times, 100),
    };
    return { perSecond: publishes / taken, seconds, frame, heapBytes: { before, after } };
  } finally {
    await browser.close();
  }
}

async function openEvents(browser: Browser, { url, account }: ServerProcess): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 } });
  const reply = await context.request.post('/v1/console/session', { data: account });
  if (!reply.ok()) throw new Error(`log-in: ${reply.status()}`);
  const page = await context.newPage();
  await page.goto('/events');
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  await page.evaluate(EVERY_FRAME);
  return page;
}

async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

interface TraceEvent {
  readonly name: string;
  /** Microseconds. */
  readonly ts: number;
}

interface Frames {
  /** From one begin to the next, ms. */
  readonly times: number[];
  readonly drawn: number;
}

/** @returns what ends the trace and says what it has of the page's frames */
async function traceFrames(browser: Browser): Promise<() => Promise<Frames>> {
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value as unknown as TraceEvent[]) if (FRAMES.includes(event.name)) events.push(event);
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline.frame'], excludedCategories: ['*'] },
  });
  return async () => {
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    await session.detach();
    const begins = events.filter(({ name }) => name === BEGIN).map(({ ts }) => ts);
    begins.sort((one, other) => one - other);
    return {
      times: begins.slice(1).map((at, index) => (at - (begins[index] ?? at)) / 1000),
      drawn: events.filter(({ name }) => name === DRAWN).length,
    };
  };
}

/** The page has kept up when its first row is the newest event that the server has. */
async function checkNewest(page: Page, server: ServerProcess): Promise<void> {
  const history = (await server.get('/v1/user/history?limit=1')) as {
    readonly events: readonly { readonly id: string }[];
  };
  await page.getByRole('listbox', { name: 'Events' }).press('Home');
  await page.getByText(history.events[0]?.id ?? 'no event', { exact: true }).waitFor({ timeout: 5000 });
}
