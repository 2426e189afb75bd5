import type { FastifyReply } from 'fastify';
import { html } from './html.ts';
import { sendPage } from './page.ts';

/** Stands in for the console where it has not been built. */
export function sendConsoleMissing(reply: FastifyReply): FastifyReply {
  const body = html`<p>This server runs, but its console is not built.</p>
<p><strong>npm start</strong> and <strong>npm run serve</strong> build it. Then open this page again.</p>
<p class="quiet">The API is here: <a href="/v1/docs">its pages</a>.</p>`;
  return sendPage(reply, { title: 'No console yet', body }, { status: 503 });
}
