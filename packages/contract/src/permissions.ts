import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { SCOPES } from './scopes.ts';

const permissions = z.object({
  role: z
    .string()
    .nullable()
    .describe('Owner, Administrator, Developer, Support or View-only; null for programs, which have scopes alone.'),
  scopes: z.array(z.enum(SCOPES)).describe('Every permission that the caller has there.'),
});

const example = { response: { role: 'View-only', scopes: ['products:get', 'devices:list'] } };

const getProductPermissions = defineRoute({
  operation: 'getProductPermissions',
  tag: 'products',
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/permissions',
  summary: 'What the caller may do in a product',
  access: 'product',
  scope: 'products:get',
  params: z.object({ productIdOrSlug: z.string() }),
  responses: { 200: permissions },
  example,
});

const getOrganizationPermissions = defineRoute({
  operation: 'getOrganizationPermissions',
  tag: 'organizations',
  method: 'GET',
  path: '/v1/orgs/:orgIdOrSlug/permissions',
  summary: 'What the caller may do in an organization',
  access: 'organization',
  scope: 'organization:get',
  params: z.object({ orgIdOrSlug: z.string() }),
  responses: { 200: permissions },
  example,
});

export const permissionRoutes = { getProductPermissions, getOrganizationPermissions };
