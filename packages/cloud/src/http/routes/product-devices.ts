import { formatTimestamp, productDeviceRoutes } from '@cloudchamber/contract';
import type { FastifyRequest } from 'fastify';
import {
  changeGroups,
  findOwnerNames,
  getProductDevice,
  importDevices,
  listProductDevices,
  lookUpSerialNumber,
  ownerNameOf,
  type ProductDevice,
  pingDevice,
  productDevice,
  readDeviceList,
  releaseProductDevice,
  removeProductDevice,
  updateProductDevice,
} from '../../domain/devices/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { checkLock, targetedVersions } from '../../domain/releases/index.ts';
import type { HttpApp } from '../http-app.ts';
import { type RouteOptions, registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { takeUploads, uploadedFiles, uploadedForm } from '../uploaded-files.ts';
import type { DeviceRouteParts } from './devices.ts';
import { productDeviceBody } from './devices-body.ts';
import { answerFunction, answerVariable } from './devices-commands.ts';
import { deviceErrorReply } from './devices-errors.ts';
import { answerApplication, answerFlash, changedFields } from './devices-update.ts';

const PER_PAGE = 25;

/** The text file of an import. */
const MAX_LIST_BYTES = 1_048_576;

type ProductDeviceParts = Pick<DeviceRouteParts, 'bus' | 'commands' | 'updates' | 'blobs' | 'publicUrl'>;

/** Devices of a product: section 2 of the device notes. */
export function productDeviceRouteModule(parts: ProductDeviceParts): RouteModule {
  const family = { renderError: deviceErrorReply(parts.publicUrl) };
  return (app) => {
    registerReading(app, parts, family);
    registerMembership(app, parts, family);
    registerCommands(app, parts, family);
    // In a scope of its own, so that uploads are taken on these routes only.
    app.fastify.register(async (fastify) => {
      await takeUploads(fastify);
      registerImport({ ...app, fastify }, parts, family);
      registerUpdate({ ...app, fastify }, parts, family);
    });
  };
}

function registerReading(app: HttpApp, { commands }: ProductDeviceParts, family: RouteOptions): void {
  registerRoute(
    app,
    productDeviceRoutes.listProductDevices,
    async ({ ctx, query }) => {
      const { deviceId, deviceName, serialNumber, search, groups, quarantined, development } = query;
      const { firmwareVersion: version, online, sortAttr: by = 'lastConnection' } = query;
      const firmwareVersion = version === 'none' ? null : version;
      const perPage = query.perPage ?? query.per_page ?? PER_PAGE;
      const direction = query.sortDir ?? (by === 'lastConnection' ? 'desc' : 'asc');
      const { devices, owners, total } = await listProductDevices(ctx, commands, {
        filter: { deviceId, deviceName, serialNumber, search, groups, quarantined, firmwareVersion, development },
        online,
        order: { by, direction },
        page: query.page ?? 1,
        perPage,
      });
      const ids = devices.map(({ device }) => device.id);
      const targeted = await targetedVersions(ctx.store.db, ctx.product.id, ids);
      return {
        devices: devices.map((one) => {
          const { id } = one.device;
          return productDeviceBody(one, ownerNameOf(owners, one.device), commands.isOnline(id), targeted.get(id));
        }),
        customers: [...owners.customers].map(([id, username]) => ({ id, username })),
        meta: { total_pages: Math.ceil(total / perPage), total },
      };
    },
    family,
  );
  registerRoute(
    app,
    productDeviceRoutes.getProductDevice,
    async ({ ctx, params }) => {
      const found = await getProductDevice(ctx, params.deviceId);
      const { id } = found.device;
      const owners = await findOwnerNames(ctx.store.db, [found.device]);
      const targeted = await targetedVersions(ctx.store.db, ctx.product.id, [id]);
      return productDeviceBody(found, ownerNameOf(owners, found.device), commands.isOnline(id), targeted.get(id));
    },
    family,
  );
  registerRoute(
    app,
    productDeviceRoutes.lookUpSerialNumber,
    async ({ ctx, params }) => {
      const { id, iccid, serialNumber, platformId } = await lookUpSerialNumber(ctx, params.serialNumber);
      return {
        ok: true as const,
        deviceID: id,
        device_id: id,
        serial_number: serialNumber ?? params.serialNumber,
        iccid,
        platform_id: platformId,
      };
    },
    family,
  );
  registerRoute(app, productDeviceRoutes.listDeviceOrders, () => ({ device_orders: [] }), family);
}

function registerMembership(app: HttpApp, { bus, commands }: ProductDeviceParts, family: RouteOptions): void {
  registerRoute(
    app,
    productDeviceRoutes.removeProductDevice,
    async ({ ctx, params, body, reply }) => {
      const input = { device: params.deviceId, deny: body.deny ?? false };
      await removeProductDevice(ctx, bus, commands, input);
      return reply.code(204).send();
    },
    family,
  );
  registerRoute(
    app,
    productDeviceRoutes.releaseProductDevice,
    async ({ ctx, params }) => {
      await releaseProductDevice(ctx, bus, params.deviceId);
      return { ok: true as const };
    },
    family,
  );
  registerRoute(
    app,
    productDeviceRoutes.changeDeviceGroups,
    async ({ ctx, body }) => {
      const { add = [], remove = [] } = body.metadata;
      await changeGroups(ctx, bus, { devices: body.devices, add, remove });
      return { ok: true as const };
    },
    family,
  );
}

function registerCommands(app: HttpApp, { commands }: ProductDeviceParts, family: RouteOptions): void {
  registerRoute(
    app,
    productDeviceRoutes.pingProductDevice,
    async ({ ctx, params }) => ({
      online: await pingDevice(commands, await productDevice(ctx, params.deviceId)),
      ok: true as const,
    }),
    family,
  );
  registerRoute(
    app,
    productDeviceRoutes.readProductVariable,
    async ({ ctx, params, query, reply }) =>
      answerVariable(ctx, commands, reply, {
        device: await productDevice(ctx, params.deviceId),
        name: params.name,
        format: query.format,
      }),
    family,
  );
  registerRoute(
    app,
    productDeviceRoutes.callProductFunction,
    async ({ ctx, params, query, body, reply }) =>
      answerFunction(ctx, commands, reply, {
        device: await productDevice(ctx, params.deviceId),
        name: params.name,
        argument: body.arg ?? body.args ?? '',
        format: query.format ?? body.format,
      }),
    family,
  );
}

function registerImport(app: HttpApp, { bus }: ProductDeviceParts, family: RouteOptions): void {
  registerRoute(
    app,
    productDeviceRoutes.importDevices,
    async ({ ctx, body, request }) => {
      const input = request.isMultipart()
        ? await importFromFile(request)
        : { devices: [...(body.id === undefined ? [] : [body.id]), ...(body.ids ?? [])], claimUser: body.claim_user };
      if (input.devices.length === 0) {
        throw new DomainError('invalid', 'device.invalid', 'No device was named: send id, ids or a file');
      }
      const { updated, existing, nonmember, invalid } = await importDevices(ctx, bus, input);
      return {
        updated: updated.length,
        updatedDeviceIds: [...updated],
        existingDeviceIds: [...existing],
        nonmemberDeviceIds: [...nonmember],
        invalidDeviceIds: [...invalid],
        protectedDeviceIds: [],
      };
    },
    family,
  );
}

async function importFromFile(request: FastifyRequest) {
  const { files, fields } = await uploadedForm(request, MAX_LIST_BYTES);
  const id = fields.get('id');
  return {
    devices: [...(id === undefined ? [] : [id]), ...files.flatMap(readDeviceList)],
    claimUser: fields.get('claim_user'),
  };
}

function registerUpdate(app: HttpApp, parts: ProductDeviceParts, family: RouteOptions): void {
  const { bus, commands } = parts;
  registerRoute(
    app,
    productDeviceRoutes.updateProductDevice,
    async ({ ctx, params, body, request }) => {
      if (request.isMultipart()) {
        const files = await uploadedFiles(request);
        return answerFlash(ctx, parts, { device: await productDevice(ctx, params.deviceId), files });
      }
      if (body.app !== undefined) {
        return answerApplication(ctx, parts, { device: await productDevice(ctx, params.deviceId), body });
      }
      const { name, notes, signal, groups, development, flash } = body;
      const { firmware_updates_forced: updatesForced, desired_firmware_version: desiredFirmwareVersion } = body;
      const input = { name, notes, signal, groups, development, flash, updatesForced, desiredFirmwareVersion };
      if (Object.values(input).every((value) => value === undefined)) {
        throw new DomainError(
          'invalid',
          'device.invalid',
          'Nothing to change: send name, notes, groups or another field',
        );
      }
      const changed = await updateProductDevice(ctx, bus, commands, checkLock, {
        device: params.deviceId,
        ...input,
      });
      const { device } = changed;
      return {
        ...changedFields(device, body, commands.isOnline(device.id)),
        ...changedInProduct(changed, body),
      };
    },
    family,
  );
}

interface SentProductFields {
  readonly name?: string | undefined;
  readonly notes?: string | null | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly development?: boolean | undefined;
  readonly desired_firmware_version?: number | null | undefined;
}

/** The lock is kept, and nothing follows from it while the device is marked (OTA-20). */
const DEVELOPMENT_LOCK =
  'The device is marked as development: it gets no firmware of the product by itself, its lock included';

function isLockIdle(
  { development, desiredFirmwareVersion }: ProductDevice['device'],
  sent: SentProductFields,
): boolean {
  return development && desiredFirmwareVersion !== null && sent.desired_firmware_version !== undefined;
}

function changedInProduct({ device, groups }: ProductDevice, sent: SentProductFields) {
  const stored = [sent.name, sent.notes, sent.groups, sent.development, sent.desired_firmware_version];
  return {
    ...(sent.groups !== undefined && { groups: [...groups] }),
    ...(sent.development !== undefined && { development: device.development }),
    ...(sent.desired_firmware_version !== undefined && { desired_firmware_version: device.desiredFirmwareVersion }),
    ...(isLockIdle(device, sent) && { warning: DEVELOPMENT_LOCK }),
    ...(stored.some((value) => value !== undefined) && { updated_at: formatTimestamp(device.updatedAt) }),
  };
}
