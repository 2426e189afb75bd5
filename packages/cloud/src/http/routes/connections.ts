import { connectionRoutes, formatTimestamp } from '@cloudchamber/contract';
import type { DeviceCommands } from '@cloudchamber/gateway';
import {
  type AttemptList,
  type AttemptRecorder,
  type AttemptSearch,
  approveDeviceKey,
  approveKey,
  approveProductKey,
  type CloudPlaces,
  type ListedAttempt,
  listAttempts,
  listDeviceAttempts,
  listOwnAttempts,
  listProductAttempts,
  listProductDeviceAttempts,
  nextStep,
  summarizeAttempts,
} from '../../domain/connections/index.ts';
import type { ServerKeyRing } from '../../domain/server-keys/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { deviceErrorReply } from './devices-errors.ts';

export interface ConnectionRouteParts extends Pick<CloudPlaces, 'publicUrl' | 'deviceHost' | 'udpPort' | 'tcpPort'> {
  readonly commands: DeviceCommands;
  readonly serverKeys: Pick<ServerKeyRing, 'ec' | 'rsa'>;
  readonly connections: Pick<AttemptRecorder, 'leftOut'>;
}

const USUAL_PAGE = 50;

/** How devices tried to connect, and the approval of keys that were refused. */
export function connectionRouteModule(parts: ConnectionRouteParts): RouteModule {
  const { commands, connections, serverKeys } = parts;
  const family = { renderError: deviceErrorReply(parts.publicUrl) };
  const placesNow = (): CloudPlaces => {
    const changingKeys = { udp: serverKeys.ec.length > 1, tcp: serverKeys.rsa.length > 1 };
    return { ...parts, changingKeys };
  };
  const render = async (listing: Promise<AttemptList>) => {
    const { attempts, next } = await listing;
    const places = placesNow();
    return { connections: attempts.map((one) => connectionBody(one, places)), meta: { next_before: next } };
  };
  return (app) => {
    registerRoute(app, connectionRoutes.listConnections, ({ ctx, query }) =>
      render(listAttempts(ctx, searchOf(query))),
    );
    registerRoute(app, connectionRoutes.summarizeConnections, async ({ ctx }) => {
      const { since, counts, leftOut } = await summarizeAttempts(ctx, connections);
      return {
        since: formatTimestamp(since),
        counts: [...counts],
        left_out: { since: formatTimestamp(leftOut.since), count: leftOut.count },
      };
    });
    registerRoute(app, connectionRoutes.listOwnConnections, ({ ctx, query }) =>
      render(listOwnAttempts(ctx, searchOf(query))),
    );
    registerRoute(
      app,
      connectionRoutes.listDeviceConnections,
      ({ ctx, params, query }) => render(listDeviceAttempts(ctx, params.deviceId, searchOf(query))),
      family,
    );
    registerRoute(app, connectionRoutes.listProductConnections, ({ ctx, query }) =>
      render(listProductAttempts(ctx, searchOf(query))),
    );
    registerRoute(
      app,
      connectionRoutes.listProductDeviceConnections,
      ({ ctx, params, query }) => render(listProductDeviceAttempts(ctx, params.deviceId, searchOf(query))),
      family,
    );
    registerRoute(app, connectionRoutes.approveKey, async ({ ctx, params }) => {
      await approveKey(ctx, commands, params.connectionId);
      return { ok: true as const };
    });
    registerRoute(
      app,
      connectionRoutes.approveDeviceKey,
      async ({ ctx, params }) => {
        await approveDeviceKey(ctx, commands, params.deviceId, params.connectionId);
        return { ok: true as const };
      },
      family,
    );
    registerRoute(
      app,
      connectionRoutes.approveProductDeviceKey,
      async ({ ctx, params }) => {
        await approveProductKey(ctx, commands, params.deviceId, params.connectionId);
        return { ok: true as const };
      },
      family,
    );
  };
}

function searchOf({ limit = USUAL_PAGE, ...search }: Partial<AttemptSearch>): AttemptSearch {
  return { ...search, limit };
}

function connectionBody(
  { attempt, deviceName, registeredFingerprint, canApprove }: ListedAttempt,
  places: CloudPlaces,
) {
  const isRegistered = registeredFingerprint !== null && registeredFingerprint === attempt.keyFingerprint;
  return {
    id: attempt.id,
    device_id: attempt.deviceId,
    device_name: deviceName,
    transport: attempt.transport,
    address: attempt.address,
    port: attempt.port,
    stage: attempt.stage,
    outcome: attempt.outcome,
    reason: attempt.reason,
    key_fingerprint: attempt.keyFingerprint,
    registered_fingerprint: registeredFingerprint,
    count: attempt.count,
    first_at: formatTimestamp(attempt.firstAt),
    last_at: formatTimestamp(attempt.lastAt),
    next_step: nextStep({ ...attempt, canApprove, isRegistered }, places),
    can_approve: canApprove,
  };
}
