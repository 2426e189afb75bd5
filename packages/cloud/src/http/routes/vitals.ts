import { formatTimestamp, vitalsRoutes } from '@cloudchamber/contract';
import type { DeviceCommands } from '@cloudchamber/gateway';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { getCurrentToken, subjectIdOf } from '../../domain/accounts/index.ts';
import type { OwnerContext, TokenContext } from '../../domain/context.ts';
import {
  type DevicePast,
  productDevice,
  productPast,
  reachableDevice,
  reachablePast,
} from '../../domain/devices/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { enterProduct, type ProductContext } from '../../domain/products/index.ts';
import {
  lastVitals,
  listVitals,
  summarizeVitals,
  type VitalsRecord,
  VitalsRefresh,
  type VitalsSample,
  vitalsMetadata,
  vitalsRange,
} from '../../domain/vitals/index.ts';
import { patientStream } from '../patient-stream.ts';
import { registerRoute } from '../register-route.ts';
import { RequestSlots } from '../request-slots.ts';
import type { RouteModule } from '../server.ts';
import { deviceErrorReply } from './devices-errors.ts';
import { vitalsCsv, wantsCsv } from './vitals-csv.ts';

interface VitalsRouteParts {
  readonly commands: DeviceCommands;
  /** Where clients reach this server, without a slash at the end (CHAMBER_PUBLIC_URL). */
  readonly publicUrl: string;
}

interface VitalsQuery {
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
  readonly limit?: number | undefined;
}

/** A device that the request may see, and whether it still may. */
interface Sight {
  readonly past: DevicePast;
  /** Rejects when the right is gone. */
  check(): Promise<unknown>;
}

interface HistoryInput {
  readonly ctx: TokenContext;
  readonly query: VitalsQuery;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const USUAL_PAGE = 1000;
const CSV_PAGE = 500;
const USUAL_SAMPLES = 30;
const MOST_READS = { each: 4, all: 32 };
const MOST_EXPORTS = { each: 2, all: 16 };
const GET = 'devices.diagnostics:get';

/** Vitals of devices: section 3 of the device notes. */
export function vitalsRouteModule({ commands, publicUrl }: VitalsRouteParts): RouteModule {
  const family = { renderError: deviceErrorReply(publicUrl) };
  const reads = new RequestSlots('requests for vitals', MOST_READS);
  const exports = new RequestSlots('exports of vitals', MOST_EXPORTS);

  const history = async ({ ctx, query, request, reply }: HistoryInput, { past, check }: Sight) => {
    const range = vitalsRange(ctx.clock.now(), query);
    if (!wantsCsv(request.headers.accept)) {
      return holding(reads, ctx, async () => {
        const { records, next } = await listVitals(ctx, past, range, query.limit ?? USUAL_PAGE);
        const diagnostics = records.map((record) => recordBody(past, record));
        return { diagnostics, meta: { next_start_date: next === null ? null : formatTimestamp(next) } };
      });
    }
    const deviceId = past.device.id;
    const release = exports.take(subjectOf(ctx));
    const pieces = async function* () {
      for (let start: number | null = range.start, first = true; start !== null; first = false) {
        if (!first) {
          await checkToken(ctx);
          await check();
        }
        const page = await listVitals(ctx, past, { ...range, start }, CSV_PAGE);
        yield vitalsCsv(deviceId, page.records, first);
        start = page.next;
      }
    };
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="vitals-${deviceId}.csv"`)
      .send(patientStream(pieces(), ctx.clock, release));
  };

  const summary = (ctx: TokenContext, past: DevicePast, query: VitalsQuery) =>
    holding(reads, ctx, async () => {
      const range = vitalsRange(ctx.clock.now(), query);
      const found = await summarizeVitals(ctx, past, range, query.limit ?? USUAL_SAMPLES);
      return {
        deviceID: past.device.id,
        memoryAvailable: found.memoryAvailable,
        bucketSize: found.bucketSize,
        startDate: formatTimestamp(found.start),
        endDate: formatTimestamp(found.end),
        hasBattery: found.hasBattery,
        samples: found.samples.map(sampleBody),
      };
    });

  return (app) => {
    const refresh = new VitalsRefresh({ commands, log: app.ambient.log });
    registerRoute(
      app,
      vitalsRoutes.refreshVitals,
      async ({ ctx, params }) => {
        refresh.ask(await reachableDevice(ctx, params.deviceId, 'devices.diagnostics:update'));
        return { ok: true as const };
      },
      family,
    );
    registerRoute(
      app,
      vitalsRoutes.refreshProductVitals,
      async ({ ctx, params }) => {
        refresh.ask(await productDevice(ctx, params.deviceId));
        return { ok: true as const };
      },
      family,
    );
    registerRoute(
      app,
      vitalsRoutes.getLastVitals,
      async ({ ctx, params }) => last(ctx, await reachablePast(ctx, params.deviceId, GET)),
      family,
    );
    registerRoute(
      app,
      vitalsRoutes.getLastProductVitals,
      async ({ ctx, params }) => last(ctx, await productPast(ctx, params.deviceId)),
      family,
    );
    registerRoute(
      app,
      vitalsRoutes.listVitals,
      async (input) => history(input, await ownSight(input.ctx, input.params.deviceId)),
      family,
    );
    registerRoute(
      app,
      vitalsRoutes.listProductVitals,
      async (input) => history(input, await productSight(input.ctx, input.params.deviceId)),
      family,
    );
    registerRoute(
      app,
      vitalsRoutes.getVitalsMetadata,
      async ({ ctx, params }) => {
        await reachableDevice(ctx, params.deviceId, 'devices.diagnostics.metadata:get');
        return { diagnostics_metadata: vitalsMetadata() };
      },
      family,
    );
    registerRoute(
      app,
      vitalsRoutes.getProductVitalsMetadata,
      async ({ ctx, params }) => {
        await productDevice(ctx, params.deviceId);
        return { diagnostics_metadata: vitalsMetadata() };
      },
      family,
    );
    registerRoute(
      app,
      vitalsRoutes.summarizeVitals,
      async ({ ctx, params, query }) =>
        summary(ctx, await reachablePast(ctx, params.deviceId, 'devices.diagnostics.summary:get'), query),
      family,
    );
    registerRoute(
      app,
      vitalsRoutes.summarizeProductVitals,
      async ({ ctx, params, query }) => summary(ctx, await productPast(ctx, params.deviceId), query),
      family,
    );
  };
}

async function last(ctx: TokenContext, past: DevicePast) {
  return { diagnostics: recordBody(past, await lastVitals(ctx, past)) };
}

async function ownSight(ctx: OwnerContext, selector: string): Promise<Sight> {
  const past = await reachablePast(ctx, selector, GET);
  return { past, check: () => reachableDevice(ctx, past.device.id, GET) };
}

async function productSight(ctx: ProductContext, deviceId: string): Promise<Sight> {
  const past = await productPast(ctx, deviceId);
  const check = async () => productDevice(await enterProduct(ctx, String(ctx.product.id), GET), past.device.id);
  return { past, check };
}

async function holding<T>(slots: RequestSlots, ctx: TokenContext, run: () => Promise<T>): Promise<T> {
  const release = slots.take(subjectOf(ctx));
  try {
    return await run();
  } finally {
    release();
  }
}

function subjectOf({ actor }: TokenContext): string {
  return `${actor.kind} ${subjectIdOf(actor)}`;
}

/** @throws DomainError `invalid_token` when the token that an export was begun with works no more. */
async function checkToken(ctx: TokenContext): Promise<void> {
  const { expiresAt } = await getCurrentToken(ctx);
  if (expiresAt === null || expiresAt > ctx.clock.now()) return;
  throw new DomainError('unauthorized', 'invalid_token', 'The access token provided has expired.');
}

function recordBody({ device }: DevicePast, { at, payload }: VitalsRecord) {
  return { updated_at: formatTimestamp(at), deviceID: device.id, payload };
}

function sampleBody({ at, batteryCharging, batteryConnected, measures }: VitalsSample) {
  const spread = (name: keyof VitalsSample['measures']) => {
    const found = measures[name];
    if (found === null) return null;
    const warnings = found.warnings.map(({ at: time, value, range }) => ({
      timestamp: formatTimestamp(time),
      value,
      range: { ...range },
    }));
    return { ...found, warnings };
  };
  return {
    timestamp: formatTimestamp(at),
    batteryCharging,
    batteryConnected,
    signalStrength: spread('signalStrength'),
    signalStrengthValue: spread('signalStrengthValue'),
    signalQuality: spread('signalQuality'),
    roundTripTime: spread('roundTripTime'),
    memoryUsed: spread('memoryUsed'),
    batteryCharge: spread('batteryCharge'),
  };
}
