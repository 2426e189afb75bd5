import { deviceRoutes } from '@cloudchamber/contract';
import type { DeviceCommands, VariableValue } from '@cloudchamber/gateway';
import type { FastifyReply } from 'fastify';
import type { Context } from '../../domain/context.ts';
import { callFunction, type Device, getDevice, readVariable } from '../../domain/devices/index.ts';
import type { HttpApp } from '../http-app.ts';
import { type RouteOptions, registerRoute } from '../register-route.ts';
import type { DeviceRouteParts } from './devices.ts';
import { timeOrNull } from './devices-body.ts';

/** Reading variables and calling functions: section 2.2 of the device notes. */
export function registerCommandRoutes(app: HttpApp, { commands }: DeviceRouteParts, family: RouteOptions): void {
  registerRoute(
    app,
    deviceRoutes.readVariable,
    async ({ ctx, params, query, reply }) =>
      answerVariable(ctx, commands, reply, {
        device: await getDevice(ctx, params.deviceId),
        name: params.name,
        format: query.format,
      }),
    family,
  );
  registerRoute(
    app,
    deviceRoutes.callFunction,
    async ({ ctx, params, query, body, reply }) =>
      answerFunction(ctx, commands, reply, {
        device: await getDevice(ctx, params.deviceId),
        name: params.name,
        argument: body.arg ?? body.args ?? '',
        format: query.format ?? body.format,
      }),
    family,
  );
}

interface CommandRequest {
  /** Found to be in the caller's reach. */
  readonly device: Device;
  readonly name: string;
  readonly format: string | undefined;
}

/** Reads a variable and answers as the Cloud API does; `raw` is the bare value as text. */
export async function answerVariable(
  ctx: Context,
  commands: DeviceCommands,
  reply: FastifyReply,
  { name, format, ...request }: CommandRequest,
) {
  const { device, value } = await readVariable(ctx, commands, { device: request.device, name });
  if (format === 'raw') return sendText(reply, value);
  return {
    name,
    // JSON has no word for them.
    result: typeof value === 'number' && !Number.isFinite(value) ? null : value,
    coreInfo: {
      name: device.name,
      deviceID: device.id,
      connected: true,
      last_handshake_at: timeOrNull(device.lastHandshakeAt),
    },
  };
}

/** Calls a function and answers as the Cloud API does; `raw` is the bare return value as text. */
export async function answerFunction(
  ctx: Context,
  commands: DeviceCommands,
  reply: FastifyReply,
  { format, ...call }: CommandRequest & { readonly argument: string },
) {
  const { device, returnValue } = await callFunction(ctx, commands, call);
  if (format === 'raw') return sendText(reply, returnValue);
  return { id: device.id, name: device.name, connected: true as const, return_value: returnValue };
}

function sendText(reply: FastifyReply, value: VariableValue): FastifyReply {
  return reply.type('text/plain; charset=utf-8').send(String(value));
}
