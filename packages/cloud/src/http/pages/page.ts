import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { Html, html } from './html.ts';

export interface Page {
  /** Of the window, and the heading. */
  readonly title: string;
  readonly body: Html;
}

export interface PageOptions {
  /** HTTP status; 200 when left out. */
  readonly status?: number;
  /** Origins beside this server that a form's reply may redirect to, such as `https://shop.example`. */
  readonly formTargets?: readonly string[];
  /** True when the page's form is to say that it came from this server: without a referrer browsers send `Origin: null` with it. */
  readonly tellsOrigin?: boolean;
}

/** One column that fits 320 px, system fonts, the colours that the reader's system asks for. */
const STYLE = `
:root{color-scheme:light dark;--text:#1c2127;--quiet:#5b6670;--ground:#f4f6f8;--card:#fff;--line:#c9d1d9;--edge:#6e7a86;--accent:#0b5cad;--on-accent:#fff;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--text:#e6eaee;--quiet:#9aa6b2;--ground:#14181c;--card:#1d2329;--line:#3d4853;--edge:#7d8a97;--accent:#7ab8ff;--on-accent:#0b1a2a;--bad:#ffb4ab}}
*{box-sizing:border-box}
body{margin:0;padding:1rem;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:26rem;margin:8vh auto 2rem;padding:1.5rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
h1{margin:0 0 1rem;font-size:1.35rem;line-height:1.25}
p{margin:0 0 1rem}
.quiet{color:var(--quiet)}
.bad{color:var(--bad)}
label{display:block;margin:0 0 .25rem;font-weight:600}
input{width:100%;margin:0 0 1rem;padding:.6rem .75rem;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--edge);border-radius:.5rem}
button{width:100%;margin:0 0 .75rem;padding:.7rem 1rem;font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:1px solid var(--accent);border-radius:.5rem;cursor:pointer}
button.plain{color:var(--text);background:transparent;border-color:var(--edge)}
a{color:var(--accent)}
button:hover{filter:brightness(1.1)}
main>:last-child,form:last-child>:last-child{margin-bottom:0}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** @returns a whole page: no script, nothing from another host. */
function htmlPage({ title, body }: Page): string {
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Cloud Chamber</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.text
  }`;
}

/**
 * Answers with a page that no other site can frame, whose address (it may hold a token) is told to nobody and whose copy no cache keeps.
 */
export function sendPage(reply: FastifyReply, page: Page, options: PageOptions = {}): FastifyReply {
  const formAction = ["'self'", ...(options.formTargets ?? [])].join(' ');
  return reply
    .code(options.status ?? 200)
    .headers({
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
      'referrer-policy': options.tellsOrigin === true ? 'same-origin' : 'no-referrer',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
    })
    .type('text/html; charset=utf-8')
    .send(htmlPage(page));
}
