import { formatTimestamp, rolloutRoutes } from '@cloudchamber/contract';
import type { Bus } from '../../bus/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import type { ProductContext } from '../../domain/products/index.ts';
import {
  abortRollout,
  createRollout,
  getRollout,
  listRolloutDevices,
  listRollouts,
  listTimeline,
  NO_COUNTS,
  nextStepAt,
  pauseRollout,
  type Rollout,
  type RolloutCounts,
  type RolloutDevice,
  resumeRollout,
  rollBackRollout,
  type ShownRollout,
  showRollout,
  type TakenBack,
  type TimelineEntry,
} from '../../domain/rollouts/index.ts';
import type { ErrorReply } from '../error-mapping.ts';
import { statusByKind } from '../error-mapping.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

const USUAL_PAGE = 100;
const USUAL_ROLLOUTS = 20;

const family = { renderError };

/** Releases of product firmware in steps. */
export function rolloutRouteModule({ bus }: { readonly bus: Bus }): RouteModule {
  return (app) => {
    registerRoute(
      app,
      rolloutRoutes.createRollout,
      async ({ ctx, body }) => {
        const rollout = await createRollout(ctx, bus, {
          version: body.version,
          productDefault: body.product_default,
          groups: body.groups,
          steps: body.steps,
          pauseMinutes: body.pause_minutes,
          failureThresholdPercent: body.failure_threshold_percent,
          deadlineMinutes: body.deadline_minutes,
          immediate: body.immediate,
        });
        return { rollout: await bodyNow(ctx, rollout) };
      },
      family,
    );
    registerRoute(
      app,
      rolloutRoutes.listRollouts,
      async ({ ctx, query: { limit = USUAL_ROLLOUTS, cursor } }) => {
        const { rollouts, next } = await listRollouts(ctx, { limit, cursor });
        return { rollouts: rollouts.map(rolloutBody), meta: { next } };
      },
      family,
    );
    registerRoute(
      app,
      rolloutRoutes.getRollout,
      async ({ ctx, params }) => ({ rollout: rolloutBody(await getRollout(ctx, params.rolloutId)) }),
      family,
    );
    registerRoute(
      app,
      rolloutRoutes.controlRollout,
      async ({ ctx, params: { rolloutId }, body: { action, to, immediate } }) => {
        if (action === 'rollback') {
          const input = { to: to ?? 'release', immediate: immediate ?? false } as const;
          const { rollout, takenBack } = await rollBackRollout(ctx, bus, rolloutId, input);
          return { rollout: await bodyNow(ctx, rollout), taken_back: takenBackBody(takenBack) };
        }
        if (to !== undefined || immediate !== undefined) {
          const field = to === undefined ? 'immediate' : 'to';
          throw new DomainError('invalid', 'rollout.invalid', `${field}: is for the action rollback`);
        }
        return { rollout: await bodyNow(ctx, await CONTROLS[action](ctx, bus, rolloutId)) };
      },
      family,
    );
    registerRoute(
      app,
      rolloutRoutes.listRolloutDevices,
      async ({ ctx, params, query: { state, limit = USUAL_PAGE, cursor } }) => {
        const { devices, next } = await listRolloutDevices(ctx, params.rolloutId, { state, limit, cursor });
        return { devices: devices.map(deviceBody), meta: { next } };
      },
      family,
    );
    registerRoute(
      app,
      rolloutRoutes.listRolloutTimeline,
      async ({ ctx, params, query: { limit = USUAL_PAGE, cursor } }) => {
        const { entries, next } = await listTimeline(ctx, params.rolloutId, { limit, cursor });
        return { entries: entries.map(entryBody), meta: { next } };
      },
      family,
    );
  };
}

const CONTROLS = { pause: pauseRollout, resume: resumeRollout, abort: abortRollout } as const;

/** As the routes of product firmware have it. */
function renderError(error: DomainError): ErrorReply | undefined {
  if (!/^(rollout|firmware)\./.test(error.code)) return undefined;
  const { kind, message } = error;
  return { status: statusByKind[kind], body: { ok: false, error: message, error_description: message } };
}

async function bodyNow(ctx: ProductContext, rollout: Rollout) {
  return rolloutBody(await showRollout(ctx.store, rollout));
}

function rolloutBody({ rollout, counts }: ShownRollout) {
  const { scope, settings, passedOver } = rollout;
  const all = [...counts.values()].reduce(sumOf, NO_COUNTS);
  return {
    id: rollout.id,
    version: rollout.version,
    product_default: scope.productDefault,
    groups: [...scope.groups],
    state: rollout.state,
    message: rollout.message,
    step: rollout.step + 1,
    next_at: timeOf(nextStepAt(rollout)),
    pause_minutes: settings.pauseMinutes,
    failure_threshold_percent: settings.failureThresholdPercent,
    deadline_minutes: settings.deadlineMinutes,
    immediate: settings.immediate,
    ...all,
    percent: decidedPercent(all),
    passed_over: passedOver && {
      development: passedOver.development,
      locked: passedOver.locked,
      other_release: passedOver.otherRelease,
    },
    steps: rollout.steps.map((step, index) => {
      const here = counts.get(index) ?? NO_COUNTS;
      const reach = 'groups' in step ? { groups: [...step.groups] } : step;
      return { ...reach, state: stepState(rollout, index), ...here, percent_decided: decidedPercent(here) };
    }),
    created_by: rollout.createdBy,
    created_at: formatTimestamp(rollout.createdAt),
    updated_at: formatTimestamp(rollout.updatedAt),
    ended_at: timeOf(rollout.endedAt),
  };
}

function stepState({ step, stepStartedAt, stepEndedAt }: Rollout, index: number) {
  if (index > step) return 'to_come' as const;
  if (index < step || stepEndedAt !== null) return 'done' as const;
  return stepStartedAt === null ? ('choosing' as const) : ('running' as const);
}

function sumOf(one: RolloutCounts, other: RolloutCounts): RolloutCounts {
  return {
    offered: one.offered + other.offered,
    succeeded: one.succeeded + other.succeeded,
    failed: one.failed + other.failed,
    left: one.left + other.left,
  };
}

function decidedPercent({ offered, succeeded, failed }: RolloutCounts): number {
  const size = offered + succeeded + failed;
  return size === 0 ? 0 : Math.floor(((succeeded + failed) * 100) / size);
}

function takenBackBody({ devices, backTo, staying, text }: TakenBack) {
  return { devices, back_to: backTo.map((one) => ({ ...one })), staying, text };
}

function deviceBody(device: RolloutDevice) {
  return {
    id: device.deviceId,
    state: device.state,
    step: device.step + 1,
    offered_at: formatTimestamp(device.offeredAt),
    ended_at: timeOf(device.endedAt),
    failures: device.failures,
    from_version: device.fromVersion,
    message: device.message,
  };
}

function entryBody({ sequence, at, kind, actor, step, state, message, counts }: TimelineEntry) {
  return { id: sequence, at: formatTimestamp(at), kind, actor, step: step + 1, state, message, ...counts };
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : formatTimestamp(ms);
}
