import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { okBody, timestampField } from './fields.ts';
import { ATTEMPTS } from './limits.ts';

const tag = 'claiming';

const claimCodeBody = z.object({
  iccid: z.string().max(64).optional().describe('Of the SIM: the device with it is claimed, no code is needed.'),
  imei: z.string().max(64).optional().describe('Of the modem, in the same way.'),
  activation_code: z.string().max(256).optional().describe('Not looked at.'),
});

const claimCode = z.object({
  claim_code: z.string().describe('63 characters of the base64 alphabet, or the ICCID or IMEI that was given.'),
  device_ids: z.array(z.string()).describe('What the owner has already, to tell the new device from.'),
});

const claimCodeText =
  'The code is good for one hour and one device. A device that brings it at its next connection belongs to whoever asked for the code. With `iccid` or `imei` the device that has it is claimed when it connects, if nobody owns it.';

const claimCodeExample = {
  body: {},
  response: {
    claim_code: 'kqX1Yy7T0c+Vt2dVm0s5oZ8pJr3bLw9uHn4gEa6iQf/xBk1zRe5yUo2tPlSjMvG',
    device_ids: ['e00fce68a1b2c3d4e5f60718'],
  },
};

const createClaimCode = defineRoute({
  operation: 'createClaimCode',
  tag,
  method: 'POST',
  path: '/v1/device_claims',
  summary: 'Make a code that claims the device which brings it',
  description: `${claimCodeText} The code of a customer claims devices of its product only.`,
  access: 'owner',
  body: claimCodeBody,
  responses: { 200: claimCode },
  errors: {
    400: 'The ICCID or IMEI is not one, or both are given.',
    409: 'Somebody else waits for the device with that ICCID or IMEI.',
  },
  example: claimCodeExample,
});

const createProductClaimCode = defineRoute({
  operation: 'createProductClaimCode',
  tag,
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/device_claims',
  summary: 'Make a code that claims a device of the product',
  description: `${claimCodeText} Ask with the token of a customer of the product. A member of its team that may update devices gets a code for the own account. It claims devices of the product only, also those that another customer of it owns.`,
  access: 'token',
  params: z.object({ productIdOrSlug: z.string() }),
  body: claimCodeBody,
  responses: { 200: claimCode },
  errors: {
    400: 'The ICCID or IMEI is not one, or both are given.',
    403: "The customer is another product's, the role has no `devices:update`, or the token is a product's own, which can own no devices.",
    409: 'Somebody else waits for the device with that ICCID or IMEI.',
  },
  example: claimCodeExample,
});

const transfer = z
  .object({
    id: z.string(),
    device_id: z.string(),
    device_name: z.string().nullable().describe('Null in what one asked for oneself.'),
    direction: z.enum(['incoming', 'outgoing']).describe('`incoming` waits for the answer of this account.'),
    requested_by: z.string().describe('E-mail of whoever asks for the device.'),
    state: z.enum(['waiting', 'approved', 'declined']),
    created_at: timestampField,
    expires_at: timestampField,
  })
  .meta({ id: 'DeviceTransfer' });

const transferParams = z.object({ transferId: z.string() });

const listDeviceTransfers = defineRoute({
  operation: 'listDeviceTransfers',
  tag,
  method: 'GET',
  path: '/v1/device_transfers',
  summary: 'Devices that others ask this account for, and those that it asks for',
  description:
    'Transfers of the last week, the newest first: those that wait for an answer, and all that were asked for.',
  access: 'user',
  responses: { 200: z.object({ transfers: z.array(transfer) }) },
  example: {
    response: {
      transfers: [
        {
          id: '65d0f1a2b3c4d5e6f7081920',
          device_id: 'e00fce68a1b2c3d4e5f60718',
          device_name: 'pump',
          direction: 'incoming',
          requested_by: 'bob@example.net',
          state: 'waiting',
          created_at: '2026-02-03T08:15:22.118Z',
          expires_at: '2026-02-10T08:15:22.118Z',
        },
      ],
    },
  },
});

const answerErrors = {
  404: 'No such transfer waits for an answer of this account.',
  409: 'The device has another owner now, or whoever asks may not have it any more.',
};

const approveDeviceTransfer = defineRoute({
  operation: 'approveDeviceTransfer',
  tag,
  method: 'POST',
  path: '/v1/device_transfers/:transferId/approve',
  summary: 'Give the device to whoever asked for it',
  description: 'The device belongs to the other account from then on, which gets a mail.',
  access: 'user',
  params: transferParams,
  body: z.object({}),
  responses: { 200: okBody },
  errors: answerErrors,
  example: { body: {}, response: { ok: true } },
});

const declineDeviceTransfer = defineRoute({
  operation: 'declineDeviceTransfer',
  tag,
  method: 'POST',
  path: '/v1/device_transfers/:transferId/decline',
  summary: 'Keep a device that somebody asked for',
  description: 'The other account gets a mail, and cannot ask for this device again before the week is over.',
  access: 'user',
  params: transferParams,
  body: z.object({}),
  responses: { 200: okBody },
  errors: { 404: answerErrors[404] },
  example: { body: {}, response: { ok: true } },
});

const transferToken = z.string().max(128);

const showDeviceTransfer = defineRoute({
  operation: 'showDeviceTransfer',
  tag,
  method: 'GET',
  path: '/device-transfer',
  summary: 'The page behind the link in the mail to an owner',
  access: 'public',
  query: z.object({ token: transferToken.optional() }),
  responses: { 200: z.string() },
  produces: 'text/html',
  errors: { 404: 'The link is not valid any more; a page says so.' },
});

const answerDeviceTransfer = defineRoute({
  operation: 'answerDeviceTransfer',
  tag,
  method: 'POST',
  path: '/device-transfer',
  summary: 'What the buttons of that page send',
  access: 'public',
  limit: ATTEMPTS,
  body: z.object({ token: transferToken, answer: z.enum(['approve', 'decline']) }),
  responses: { 200: z.string() },
  produces: 'text/html',
  errors: {
    404: 'The link is not valid any more; a page says so.',
    409: 'The device has another owner now; a page says so.',
  },
  example: { body: { token: '65d0f1a2b3c4d5e6f7081920', answer: 'approve' } },
});

const transferDevice = defineRoute({
  operation: 'transferDevice',
  tag,
  method: 'POST',
  path: '/v1/operator/devices/:deviceId/transfer',
  summary: 'Give a device to an account, or to nobody',
  description: 'Whoever owned it is not asked. The device stays in its product and connected.',
  access: 'operator',
  params: z.object({ deviceId: z.string() }),
  body: z.object({
    owner: z.string().max(254).nullable().describe('E-mail of an account; null: nobody owns it then.'),
  }),
  responses: { 200: z.object({ ok: z.literal(true), id: z.string(), owner: z.string().nullable() }) },
  errors: {
    404: 'The device or the account is not known.',
    409: 'The device changed its owner in the same moment.',
  },
  example: {
    body: { owner: 'ann@example.net' },
    response: { ok: true, id: 'e00fce68a1b2c3d4e5f60718', owner: 'ann@example.net' },
  },
});

export const claimRoutes = {
  createClaimCode,
  createProductClaimCode,
  listDeviceTransfers,
  approveDeviceTransfer,
  declineDeviceTransfer,
  showDeviceTransfer,
  answerDeviceTransfer,
  transferDevice,
};
