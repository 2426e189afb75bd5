import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { integerField, timestampField } from './fields.ts';
import { updateProgress } from './update-progress.ts';

const tag = 'firmware updates';

const reason = z.enum(['flash', 'known_app', 'lock', 'release', 'rollout', 'repair']);
const stage = z.enum(['starting', 'transferring', 'applying', 'done']);

/** Why a device does not get now what it should run. */
const BLOCKED = [
  'offline',
  'next_handshake',
  'waiting_for_slot',
  'updates_disabled',
  'backing_off',
  'updating',
  'missing_dependencies',
  'too_large',
  'device_os_too_old',
  'unsuitable',
] as const;
const blocked = z.enum(BLOCKED);

const limit = integerField.pipe(z.int().min(1).max(200)).optional().describe('1 to 200, 50 when left out.');
const next = z.string().nullable().describe('The `cursor` of the next page; null after the last.');

const attempt = z
  .object({
    id: z.string(),
    reason: reason.nullable().describe('Null for updates of older servers.'),
    version: z.int().nullable().describe("Of the product's firmware; null for anything else."),
    rollout: z.string().nullable().describe('Id of the rollout that it was for.'),
    stage: stage.nullable().describe('Where it stands, or stood when it ended.'),
    bytes: z.int().describe('What the device had of it for sure.'),
    total_bytes: z.int().nullable(),
    created_at: timestampField,
    started_at: timestampField.nullable().describe('When the device took the start.'),
    ended_at: timestampField.nullable().describe('Null while it is under way.'),
    duration: z.number().nullable().describe('Seconds from its start until its end, or until now.'),
    outcome: z
      .string()
      .nullable()
      .describe('`succeeded`, `refused`, `no_answer`, `no_progress`, `not_applied`, `device_gone` or `cancelled`.'),
    message: z.string().nullable().describe("The device's words, or this server's, about a failure."),
  })
  .meta({ id: 'UpdateAttempt' });

const pending = z
  .object({
    version: z.int(),
    reason: z.enum(['lock', 'release', 'rollout']),
    rollout: z.string().nullable(),
    blocked: blocked.nullable().describe('Why it does not get it now; null when it is about to.'),
    retry_at: timestampField.nullable().describe('When it is tried again by itself.'),
    message: z.string().nullable(),
  })
  .meta({ id: 'PendingUpdate' });

const deviceUpdates = z.object({
  current: updateProgress.nullable().describe('What is under way.'),
  pending: pending.nullable().describe('What it should run and does not.'),
  updates: z.array(attempt).describe('Every attempt, the newest first.'),
  meta: z.object({ next }),
});

const exampleAttempt = {
  id: '6560f1a7b30c8d94e0012ab3',
  reason: 'release',
  version: 7,
  rollout: null,
  stage: 'transferring',
  bytes: 131_072,
  total_bytes: 262_144,
  created_at: '2026-11-20T09:30:00.000Z',
  started_at: '2026-11-20T09:30:01.000Z',
  ended_at: '2026-11-20T09:31:13.500Z',
  duration: 72.5,
  outcome: 'no_progress',
  message: 'the device takes no more',
} as const;

const history = {
  tag,
  method: 'GET',
  query: z.object({
    limit,
    cursor: z
      .string()
      .regex(/^\d{1,15}-[0-9a-f]{24}$/, 'must be `meta.next` of the page before')
      .optional()
      .describe('`meta.next` of the page before.'),
  }),
  responses: { 200: deviceUpdates },
  example: {
    response: {
      current: null,
      pending: {
        version: 7,
        reason: 'release',
        rollout: null,
        blocked: 'backing_off',
        retry_at: '2026-11-20T09:32:13.500Z',
        message: null,
      },
      updates: [exampleAttempt],
      meta: { next: null },
    },
  },
} as const;

const listDeviceUpdates = defineRoute({
  ...history,
  operation: 'listDeviceUpdates',
  path: '/v1/devices/:deviceId/updates',
  summary: "A device's firmware updates: every attempt, what is under way and what waits",
  description:
    'Of an own device since it was claimed; by its id of a device of a product in which the account may see devices, since it joined.',
  access: 'owner',
  params: z.object({ deviceId: z.string().describe('Id, or the name of an own device.') }),
  errors: { 400: 'The cursor is none.', 403: 'The device is unknown or belongs to somebody else.' },
});

const listProductDeviceUpdates = defineRoute({
  ...history,
  operation: 'listProductDeviceUpdates',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId/updates',
  summary: 'The firmware updates of a device of the product: every attempt, what is under way and what waits',
  description: 'Since the device joined the product.',
  access: 'product',
  scope: 'devices:get',
  params: z.object({ productIdOrSlug: z.string(), deviceId: z.string() }),
  errors: { 400: 'The cursor is none.', 404: 'The product has no such device.' },
});

const listProductUpdates = defineRoute({
  operation: 'listProductUpdates',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/updates',
  summary: 'Which devices of the product are being updated, and which wait',
  description:
    'In the order of their ids. Devices that are offline, and those that get something at their next handshake, wait for nothing here: the impact of a release counts them.',
  access: 'product',
  scope: 'devices:list',
  params: z.object({ productIdOrSlug: z.string() }),
  query: z.object({
    limit,
    cursor: z
      .string()
      .regex(/^[0-9a-f]{24}$/, 'must be `meta.next` of the page before')
      .optional()
      .describe('`meta.next` of the page before.'),
  }),
  responses: {
    200: z.object({
      counts: z.object({
        updating: z.int().describe('Updates that have begun; their devices may be offline now.'),
        waiting: z.int(),
        by_reason: z.record(z.string(), z.int()).describe('Those that wait, by why.'),
      }),
      devices: z.array(
        z.object({
          device_id: z.string(),
          current: updateProgress.nullable(),
          pending: pending.nullable(),
        }),
      ),
      meta: z.object({ next }),
    }),
  },
  errors: { 400: 'The cursor is none.' },
  example: {
    response: {
      counts: { updating: 0, waiting: 1, by_reason: { updates_disabled: 1 } },
      devices: [
        {
          device_id: 'e00fce68a1b2c3d4e5f60718',
          current: null,
          pending: {
            version: 7,
            reason: 'lock',
            rollout: null,
            blocked: 'updates_disabled',
            retry_at: null,
            message: null,
          },
        },
      ],
      meta: { next: null },
    },
  },
});

export const updateRoutes = { listDeviceUpdates, listProductDeviceUpdates, listProductUpdates };
