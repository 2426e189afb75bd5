import { deviceRoutes } from '@cloudchamber/contract';
import { callFunction, readVariable } from '../../domain/devices/index.ts';
import type { HttpApp } from '../http-app.ts';
import { type RouteOptions, registerRoute } from '../register-route.ts';
import type { DeviceRouteParts } from './devices.ts';
import { timeOrNull } from './devices-body.ts';

/** Reading variables and calling functions: section 2.2 of the device notes. */
export function registerCommandRoutes(app: HttpApp, { commands }: DeviceRouteParts, family: RouteOptions): void {
  registerRoute(
    app,
    deviceRoutes.readVariable,
    async ({ ctx, params, query, reply }) => {
      const { device, value } = await readVariable(ctx, commands, { device: params.deviceId, name: params.name });
      if (query.format === 'raw') return reply.type('text/plain; charset=utf-8').send(String(value));
      return {
        name: params.name,
        // JSON has no word for them.
        result: typeof value === 'number' && !Number.isFinite(value) ? null : value,
        coreInfo: {
          name: device.name,
          deviceID: device.id,
          connected: true,
          last_handshake_at: timeOrNull(device.lastHandshakeAt),
        },
      };
    },
    family,
  );
  registerRoute(
    app,
    deviceRoutes.callFunction,
    async ({ ctx, params, query, body, reply }) => {
      const argument = body.arg ?? body.args ?? '';
      const call = { device: params.deviceId, name: params.name, argument };
      const { device, returnValue } = await callFunction(ctx, commands, call);
      if ((query.format ?? body.format) === 'raw') {
        return reply.type('text/plain; charset=utf-8').send(String(returnValue));
      }
      return { id: device.id, name: device.name, connected: true as const, return_value: returnValue };
    },
    family,
  );
}
