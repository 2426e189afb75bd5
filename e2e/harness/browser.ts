import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Account, CloudServer } from './cloud-server.ts';

/** Debian's Chromium, or whatever `CHAMBER_TEST_CHROMIUM` names; undefined where there is none. */
export const chromiumPath = firstThatExists(
  process.env.CHAMBER_TEST_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
);

/** Debian's Firefox, or whatever `CHAMBER_TEST_FIREFOX` names; undefined where there is none. */
export const firefoxPath = firstThatExists(
  process.env.CHAMBER_TEST_FIREFOX,
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
);

/** It asks nobody but the pages that it is sent to. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath ?? '', args: FLAGS });
}

export type Scheme = 'light' | 'dark';

export interface VisitorOptions {
  readonly scheme?: Scheme;
  /** Of the window, CSS pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly timezoneId?: string;
}

/** A person at a browser of their own: its pages, and all that went wrong there. */
export class Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts and of the console, and requests to hosts other than the cloud. */
  readonly problems: string[] = [];
  readonly #server: CloudServer;

  private constructor(server: CloudServer, context: BrowserContext, page: Page) {
    this.#server = server;
    this.context = context;
    this.page = page;
  }

  static async arrive(browser: Browser, server: CloudServer, options: VisitorOptions = {}): Promise<Visitor> {
    const { scheme = 'light', width = 1440, height = 900, timezoneId = 'Europe/Berlin' } = options;
    const context = await browser.newContext({
      baseURL: server.url,
      viewport: { width, height },
      colorScheme: scheme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId,
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    const visitor = new Visitor(server, context, await context.newPage());
    visitor.#watch();
    return visitor;
  }

  /** Logs in as the console's own form does, without the form. */
  async logIn(account: Account): Promise<this> {
    const reply = await this.context.request.post('/v1/console/session', { data: account });
    if (!reply.ok()) throw new Error(`log-in was refused: ${reply.status()} ${await reply.text()}`);
    return this;
  }

  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.page.getByRole('heading', { level: 1 }).waitFor();
  }

  async leave(): Promise<void> {
    await this.context.close();
  }

  #watch(): void {
    const { page, problems } = this;
    page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
    page.on('console', (message) => {
      // Refusals are told as such by the pages; the browser's own line about them says nothing more.
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
        problems.push(`console: ${message.text()}`);
      }
    });
    page.on('request', (request) => {
      const url = request.url();
      if (/^https?:/.test(url) && !url.startsWith(this.#server.url)) problems.push(`foreign host: ${url}`);
    });
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** What breaks WCAG 2.2 A or AA on the page as it is now, a line each. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const result = await page.evaluate<AxeResult, string[]>(
    // @ts-expect-error axe is a global of the page
    (rules) => globalThis.axe.run(document, { runOnly: rules }),
    RULES,
  );
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 200)} ${failureSummary.split('\n')[1] ?? ''}`),
  );
}

/** How far the page as a whole can be scrolled sideways, CSS pixels: 0 where everything fits. */
export async function sidewaysPixels(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

function firstThatExists(...paths: (string | undefined)[]): string | undefined {
  return paths.find((path) => path !== undefined && existsSync(path));
}
