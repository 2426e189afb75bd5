import { groupRoutes } from '@cloudchamber/contract';
import {
  createGroup,
  deleteGroup,
  type GroupWithCount,
  getGroup,
  listGroups,
  updateGroup,
} from '../../domain/devices/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { deviceErrorReply } from './devices-errors.ts';

/** Groups of a product's devices: section 3 of the product notes. */
export function groupRouteModule({ publicUrl }: { readonly publicUrl: string }): RouteModule {
  const family = { renderError: deviceErrorReply(publicUrl) };
  return (app) => {
    registerRoute(
      app,
      groupRoutes.listGroups,
      async ({ ctx, query }) => ({ groups: (await listGroups(ctx, query.name)).map(groupBody) }),
      family,
    );
    registerRoute(
      app,
      groupRoutes.createGroup,
      async ({ ctx, body }) => ({ group: groupBody(await createGroup(ctx, body)) }),
      family,
    );
    registerRoute(
      app,
      groupRoutes.getGroup,
      async ({ ctx, params }) => ({ group: groupBody(await getGroup(ctx, params.groupName)) }),
      family,
    );
    registerRoute(
      app,
      groupRoutes.updateGroup,
      async ({ ctx, params, body }) => ({
        group: groupBody(await updateGroup(ctx, { group: params.groupName, ...body })),
      }),
      family,
    );
    registerRoute(
      app,
      groupRoutes.deleteGroup,
      async ({ ctx, params, reply }) => {
        await deleteGroup(ctx, params.groupName);
        return reply.code(204).send();
      },
      family,
    );
  };
}

function groupBody({ name, description, color, deviceCount }: GroupWithCount) {
  return { name, description, color, fw_version: null, device_count: deviceCount };
}
