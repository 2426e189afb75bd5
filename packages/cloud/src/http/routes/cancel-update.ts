import { updateProgressRoutes } from '@cloudchamber/contract';
import { getDevice, productDevice } from '../../domain/devices/index.ts';
import { cancelUpdate, type UpdateJournal, type UpdateProgress } from '../../domain/firmware/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { deviceErrorReply } from './devices-errors.ts';

/** Ending a device's firmware update. */
export function cancelUpdateRouteModule(parts: {
  readonly updates: UpdateJournal;
  readonly publicUrl: string;
}): RouteModule {
  const { updates, publicUrl } = parts;
  const family = { renderError: deviceErrorReply(publicUrl) };
  return (app) => {
    registerRoute(
      app,
      updateProgressRoutes.cancelUpdate,
      async ({ ctx, params }) =>
        cancelled(cancelUpdate(updates, await getDevice(ctx, params.deviceId), { ownOnly: true })),
      family,
    );
    registerRoute(
      app,
      updateProgressRoutes.cancelProductUpdate,
      async ({ ctx, params }) =>
        cancelled(cancelUpdate(updates, await productDevice(ctx, params.deviceId), { ownOnly: false })),
      family,
    );
  };
}

function cancelled({ id, stage, bytes, totalBytes }: UpdateProgress) {
  return { ok: true as const, id, stage, bytes, total_bytes: totalBytes };
}
