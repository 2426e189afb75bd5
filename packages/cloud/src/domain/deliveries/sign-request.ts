import { createHmac } from 'node:crypto';

/**
 * The headers that prove to a server that a request comes from this cloud, and when (Standard Webhooks 1.0): `webhook-id`, `webhook-timestamp`,
 * `webhook-signature`.
 * @param secret `whsec_` and Base64
 * @param signed `id` is the same in every attempt; `at` is the time of this attempt, ms UTC; `body` as it is sent, empty for none
 */
export function signRequest(
  secret: string,
  signed: { readonly id: string; readonly at: number; readonly body: string },
): Readonly<Record<string, string>> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const timestamp = String(Math.floor(signed.at / 1000));
  const signature = createHmac('sha256', key).update(`${signed.id}.${timestamp}.${signed.body}`).digest('base64');
  return { 'webhook-id': signed.id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
