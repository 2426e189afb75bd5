import { groupRoutes } from '@cloudchamber/contract';
import type { Bus } from '../../bus/index.ts';
import {
  createGroup,
  deleteGroup,
  type GroupWithCount,
  getGroup,
  listGroups,
  updateGroup,
} from '../../domain/devices/index.ts';
import { findGroupReleases, releasesFollowGroups } from '../../domain/releases/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { deviceErrorReply } from './devices-errors.ts';

/** Groups of a product's devices: section 3 of the product notes. */
export function groupRouteModule({ bus, publicUrl }: { readonly bus: Bus; readonly publicUrl: string }): RouteModule {
  const family = { renderError: deviceErrorReply(publicUrl) };
  const follower = releasesFollowGroups(bus);
  return (app) => {
    registerRoute(
      app,
      groupRoutes.listGroups,
      async ({ ctx, query }) => {
        const groups = await listGroups(ctx, query.name);
        const releases = await findGroupReleases(ctx);
        return { groups: groups.map((group) => groupBody(group, releases)) };
      },
      family,
    );
    registerRoute(
      app,
      groupRoutes.createGroup,
      async ({ ctx, body }) => ({ group: groupBody(await createGroup(ctx, body), await findGroupReleases(ctx)) }),
      family,
    );
    registerRoute(
      app,
      groupRoutes.getGroup,
      async ({ ctx, params }) => ({
        group: groupBody(await getGroup(ctx, params.groupName), await findGroupReleases(ctx)),
      }),
      family,
    );
    registerRoute(
      app,
      groupRoutes.updateGroup,
      async ({ ctx, params, body }) => ({
        group: groupBody(
          await updateGroup(ctx, follower, { group: params.groupName, ...body }),
          await findGroupReleases(ctx),
        ),
      }),
      family,
    );
    registerRoute(
      app,
      groupRoutes.deleteGroup,
      async ({ ctx, params, reply }) => {
        await deleteGroup(ctx, follower, params.groupName);
        return reply.code(204).send();
      },
      family,
    );
  };
}

function groupBody({ name, description, color, deviceCount }: GroupWithCount, releases: ReadonlyMap<string, number>) {
  return { name, description, color, fw_version: releases.get(name) ?? null, device_count: deviceCount };
}
