import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { booleanField, integerField, timestampField } from './fields.ts';

const tag = 'rollouts';

const productParams = z.object({ productIdOrSlug: z.string().describe('Number or slug of the product.') });
const rolloutParams = productParams.extend({ rolloutId: z.string() });

const percentField = z
  .number()
  .describe('Of the devices that it can reach, rounded up. More than that of the step before, at most 100.');
const countField = z
  .int()
  .describe('Of devices in all, those of the steps before among them. More than that of the step before.');
const groupsField = z.array(z.string().max(64)).describe('Every device in one of these.');

/** What a step reaches: one of the three. */
const reach = z.object({
  percent: percentField.optional(),
  count: countField.optional(),
  groups: groupsField.optional(),
});

const counts = {
  offered: z.int().describe('Devices that should take it now.'),
  succeeded: z.int().describe('That run it.'),
  failed: z.int(),
  left: z.int().describe('That were locked, marked as development, or went out of its reach before they were decided.'),
};

const state = z.enum(['running', 'waiting', 'paused', 'halted', 'completed', 'aborted', 'rolled_back']);

const rollout = z
  .object({
    id: z.string(),
    version: z.int(),
    product_default: z.boolean(),
    groups: z.array(z.string()),
    state: state.describe(
      '`running`: a step is under way; `waiting`: the pause after a step; `halted`: too many devices failed.',
    ),
    message: z.string().nullable().describe('Why it stands still or has ended.'),
    step: z.int().describe('The step that is under way or was the last, from 1.'),
    next_at: timestampField.nullable().describe('When the next step begins; null unless it is `waiting`.'),
    pause_minutes: z.int(),
    failure_threshold_percent: z.number(),
    deadline_minutes: z.int(),
    immediate: z.boolean(),
    ...counts,
    percent: z.int().describe('Of the devices of the steps so far, how many are decided: 0 to 100.'),
    passed_over: z
      .object({
        development: z.int(),
        locked: z.int(),
        other_release: z.int().describe('A release to one of their groups wins.'),
      })
      .nullable()
      .describe('Devices of the scope that the last step left alone. Null before the first one.'),
    steps: z.array(
      z.object({
        ...reach.shape,
        state: z.enum(['to_come', 'choosing', 'running', 'done']),
        ...counts,
        percent_decided: z.int().describe('Of its devices, how many are decided: 0 to 100.'),
      }),
    ),
    created_by: z.string().describe('Name of the account or program.'),
    created_at: timestampField,
    updated_at: timestampField,
    ended_at: timestampField.nullable(),
  })
  .meta({ id: 'Rollout' });

const takenBack = z
  .object({
    devices: z.int().describe('That run it.'),
    back_to: z.array(z.object({ version: z.int(), devices: z.int() })).describe('What they are sent instead.'),
    staying: z.int().describe('That keep running it, since nothing else is released to them.'),
    text: z.string().describe('What becomes of the devices, and what cannot be taken back.'),
  })
  .meta({ id: 'RolloutTakenBack' });

const rolloutDevice = z
  .object({
    id: z.string(),
    state: z.enum(['offered', 'succeeded', 'failed', 'left']),
    step: z.int().describe('From 1.'),
    offered_at: timestampField,
    ended_at: timestampField.nullable(),
    failures: z.int().describe('Attempts that failed.'),
    from_version: z.int().nullable().describe('What it ran before; null for no firmware of the product.'),
    message: z.string().nullable(),
  })
  .meta({ id: 'RolloutDevice' });

const entry = z
  .object({
    id: z.int().describe('From 1.'),
    at: timestampField,
    kind: z.enum([
      'created',
      'next_step',
      'offered',
      'waiting',
      'paused',
      'resumed',
      'halted',
      'completed',
      'aborted',
      'rolled_back',
    ]),
    actor: z.string().describe('Name of an account or program, or `system`.'),
    step: z.int(),
    state,
    message: z.string().nullable(),
    ...counts,
  })
  .meta({ id: 'RolloutEntry' });

const limit = integerField.pipe(z.int().min(1).max(1000)).optional().describe('1 to 1000, 100 when left out.');
const cursor = z.string().min(1).max(40).optional().describe('`meta.next` of the page before.');
const meta = z.object({ next: z.string().nullable().describe('Null on the last page.') });

const noCounts = { offered: 0, succeeded: 0, failed: 0, left: 0 };
const exampleRollout = {
  id: '65d0f1a2b3c4d5e6f7081920',
  version: 7,
  product_default: true,
  groups: [],
  state: 'waiting' as const,
  message: null,
  step: 1,
  next_at: '2026-02-03T10:20:00.000Z',
  pause_minutes: 60,
  failure_threshold_percent: 2,
  deadline_minutes: 1440,
  immediate: false,
  offered: 0,
  succeeded: 50,
  failed: 0,
  left: 1,
  percent: 100,
  passed_over: { development: 3, locked: 1, other_release: 0 },
  steps: [
    { percent: 5, state: 'done' as const, offered: 0, succeeded: 50, failed: 0, left: 1, percent_decided: 100 },
    { percent: 100, state: 'to_come' as const, ...noCounts, percent_decided: 0 },
  ],
  created_by: 'ann@example.net',
  created_at: '2026-02-03T08:15:00.000Z',
  updated_at: '2026-02-03T09:20:00.000Z',
  ended_at: null,
};
const exampleBody = {
  version: 7,
  product_default: true,
  steps: [{ percent: 5 }, { percent: 100 }],
  pause_minutes: 60,
  failure_threshold_percent: 2,
  deadline_minutes: 1440,
};
const notFound = 'There is no such rollout in the product.';

const createRollout = defineRoute({
  operation: 'createRollout',
  tag,
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/rollouts',
  summary: 'Release a version of the firmware in steps',
  description:
    'The first step begins at once. When devices of a step are decided, the next one begins after the pause; after the last, the version is released to the scope. More failures than the threshold halt it.',
  access: 'product',
  scope: 'firmware:release',
  params: productParams,
  body: z.object({
    version: integerField.describe('Not archived, and a device of the product has run it.'),
    product_default: booleanField.optional().describe('For all devices; false when left out.'),
    groups: z.array(z.string().max(64)).optional().describe('Names of groups that it is for.'),
    steps: z
      .array(reach)
      .optional()
      .describe('1 to 20 steps of one key each; 1 %, 10 %, 50 % and 100 % when left out.'),
    pause_minutes: integerField.optional().describe('After each step: 0 to 43200, 60 when left out.'),
    failure_threshold_percent: z
      .number()
      .optional()
      .describe('More failures among the devices of the steps so far halt it: 0 to 100, 2 when left out.'),
    deadline_minutes: integerField
      .optional()
      .describe('How long a device may take until it counts as failed: 5 to 43200, 1440 when left out.'),
    immediate: booleanField.optional().describe('Devices that are online don’t wait for their next handshake.'),
  }),
  responses: { 201: z.object({ rollout }) },
  errors: {
    400: 'A field is not valid; the text names it. There is no such group.',
    404: 'The product has no such version.',
    409: 'The version is archived or never ran on a device; the product has another rollout that has not ended; a higher version is released to one of the groups.',
  },
  example: {
    body: exampleBody,
    response: { rollout: { ...exampleRollout, state: 'running' as const, next_at: null } },
  },
});

const listRollouts = defineRoute({
  operation: 'listRollouts',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/rollouts',
  summary: 'The rollouts of a product, newest first',
  access: 'product',
  scope: 'firmware:list',
  params: productParams,
  query: z.object({
    limit: integerField.pipe(z.int().min(1).max(100)).optional().describe('1 to 100, 20 when left out.'),
    cursor,
  }),
  responses: { 200: z.object({ rollouts: z.array(rollout), meta }) },
  errors: { 400: 'The cursor is none.' },
  example: { response: { rollouts: [exampleRollout], meta: { next: null } } },
});

const getRollout = defineRoute({
  operation: 'getRollout',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/rollouts/:rolloutId',
  summary: 'A rollout, with the counts of its steps',
  access: 'product',
  scope: 'firmware:get',
  params: rolloutParams,
  responses: { 200: z.object({ rollout }) },
  errors: { 404: notFound },
  example: { response: { rollout: exampleRollout } },
});

const controlRollout = defineRoute({
  operation: 'controlRollout',
  tag,
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug/rollouts/:rolloutId',
  summary: 'Pause, resume, abort or roll back a rollout',
  description:
    '`pause`: nothing new is offered or started, transfers under way end. `resume`: goes on; after a halt the count of failures begins anew. `abort`: ends it, and devices that run the version stay on it. `rollback`: ends it, and devices that run the version get what is released to them otherwise, or another version.',
  access: 'product',
  scope: 'firmware:release',
  params: rolloutParams,
  body: z.object({
    action: z.enum(['pause', 'resume', 'abort', 'rollback']),
    to: z
      .union([z.literal('release'), integerField])
      .optional()
      .describe('Of a rollback: `release`, when left out, or a version that is then released to the scope.'),
    immediate: booleanField
      .optional()
      .describe('Of a rollback: devices that are online don’t wait for their next handshake.'),
  }),
  responses: { 200: z.object({ rollout, taken_back: takenBack.optional().describe('Of a rollback.') }) },
  errors: {
    400: '`to` or `immediate` without a rollback, or `to` is no version.',
    404: notFound,
    409: 'The rollout is in no state for that; the text says which would do.',
  },
  example: {
    body: { action: 'pause' },
    response: { rollout: { ...exampleRollout, state: 'paused' as const, next_at: null } },
  },
});

const listRolloutDevices = defineRoute({
  operation: 'listRolloutDevices',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/rollouts/:rolloutId/devices',
  summary: 'The devices that a rollout has reached, by id',
  access: 'product',
  scope: 'devices:list',
  params: rolloutParams,
  query: z.object({
    state: z.enum(['offered', 'succeeded', 'failed', 'left']).optional(),
    limit,
    cursor,
  }),
  responses: { 200: z.object({ devices: z.array(rolloutDevice), meta }) },
  errors: { 400: 'The cursor is none.', 404: notFound },
  example: {
    response: {
      devices: [
        {
          id: 'e00fce68a1b2c3d4e5f60718',
          state: 'failed',
          step: 1,
          offered_at: '2026-02-03T08:15:00.000Z',
          ended_at: '2026-02-04T08:15:00.000Z',
          failures: 0,
          from_version: 6,
          message: 'Deadline: it was offline, and not heard of since it was offered the version',
        },
      ],
      meta: { next: null },
    },
  },
});

const listRolloutTimeline = defineRoute({
  operation: 'listRolloutTimeline',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/rollouts/:rolloutId/timeline',
  summary: 'What happened to a rollout, in order',
  access: 'product',
  scope: 'firmware:get',
  params: rolloutParams,
  query: z.object({ limit, cursor }),
  responses: { 200: z.object({ entries: z.array(entry), meta }) },
  errors: { 400: 'The cursor is none.', 404: notFound },
  example: {
    response: {
      entries: [
        {
          id: 1,
          at: '2026-02-03T08:15:00.000Z',
          kind: 'created',
          actor: 'ann@example.net',
          step: 1,
          state: 'running',
          message: null,
          ...noCounts,
        },
      ],
      meta: { next: null },
    },
  },
});

export const rolloutRoutes = {
  createRollout,
  listRollouts,
  getRollout,
  controlRollout,
  listRolloutDevices,
  listRolloutTimeline,
};
