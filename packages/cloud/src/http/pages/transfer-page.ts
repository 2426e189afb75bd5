import type { TransferAnswer, TransferQuestion } from '../../domain/devices/index.ts';
import { html } from './html.ts';
import { TO_CONSOLE } from './mail-link-pages.ts';
import type { Page } from './page.ts';

/** What the owner of a device is asked. @param token of the mail */
export function transferQuestionPage({ device, requestedBy }: TransferQuestion, token: string): Page {
  return {
    title: 'Give a device away?',
    body: html`<p><strong>${requestedBy}</strong> asks you for your device <strong>${device.name}</strong>.</p>
<p class="quiet">${device.id}</p>
<p>If you approve, it belongs to that account at once, and you see nothing of it any more.</p>
<form method="post" action="/device-transfer">
<input type="hidden" name="token" value="${token}">
<button name="answer" value="approve">Approve</button>
<button class="plain" name="answer" value="decline">Decline</button>
</form>
`,
  };
}

export function transferAnsweredPage(answer: TransferAnswer): Page {
  const isApproved = answer === 'approve';
  return {
    title: isApproved ? 'The device is given away' : 'The device stays yours',
    body: html`<p>Whoever asked for it gets a mail about your answer.</p>${TO_CONSOLE}`,
  };
}

/** @param reason a sentence that says what is wrong */
export function transferFailedPage(reason: string): Page {
  return {
    title: 'This cannot be answered',
    body: html`<p class="bad">${reason}.</p><p class="quiet">It may be answered already. Whoever wants the device can ask again; nothing was changed now.</p>`,
  };
}
