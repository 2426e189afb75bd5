import { z } from 'zod';
import { defineRoute } from './define-route.ts';

const tag = 'organizations';

/** Section 7 of the product notes. */
const organization = z
  .object({
    id: z.string(),
    slug: z.string().describe('Stays when the organization is renamed.'),
    name: z.string(),
    owner: z.string().describe('Id of the account that owns it.'),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Organization' });

const params = z.object({ orgIdOrSlug: z.string() });
const name = z.string().describe('1 to 100 characters.');
const one = z.object({ organization });

const exampleOrganization = {
  id: '5f1e2d3c4b5a69788796a5b4',
  slug: 'acme',
  name: 'Acme',
  owner: '5f1e2d3c4b5a697887960001',
  created_at: '2026-02-03T06:15:22.118Z',
  updated_at: '2026-02-03T06:15:22.118Z',
};
const exampleOne = { organization: exampleOrganization };

const listOrganizations = defineRoute({
  operation: 'listOrganizations',
  tag,
  method: 'GET',
  path: '/v1/orgs',
  summary: 'Organizations that the caller is in; an empty list for none',
  access: 'token',
  responses: { 200: z.object({ organizations: z.array(organization) }) },
  example: { response: { organizations: [exampleOrganization] } },
});

const createOrganization = defineRoute({
  operation: 'createOrganization',
  tag,
  method: 'POST',
  path: '/v1/orgs',
  summary: 'Make an organization and own it',
  description: 'For operators; for every account where CHAMBER_ORG_CREATION is `open`.',
  access: 'user',
  body: z.object({ name }),
  responses: { 201: one },
  errors: { 400: 'A name that cannot be.', 403: 'Only operators make organizations on this server.' },
  example: { body: { name: 'Acme' }, response: exampleOne },
});

const getOrganization = defineRoute({
  operation: 'getOrganization',
  tag,
  method: 'GET',
  path: '/v1/orgs/:orgIdOrSlug',
  summary: 'One organization',
  access: 'organization',
  scope: 'organization:get',
  params,
  responses: { 200: one },
  example: { response: exampleOne },
});

const updateOrganization = defineRoute({
  operation: 'updateOrganization',
  tag,
  method: 'PUT',
  path: '/v1/orgs/:orgIdOrSlug',
  summary: 'Rename an organization',
  access: 'organization',
  scope: 'organization:update',
  params,
  body: z.object({ name }),
  responses: { 200: one },
  errors: { 400: 'A name that cannot be.' },
  example: { body: { name: 'Acme' }, response: exampleOne },
});

const removeOrganization = defineRoute({
  operation: 'removeOrganization',
  tag,
  method: 'DELETE',
  path: '/v1/orgs/:orgIdOrSlug',
  summary: 'Delete an organization that has no products',
  access: 'organization',
  scope: 'organization:remove',
  params,
  responses: { 204: z.undefined() },
  errors: { 409: 'It has products: delete or transfer them first.' },
});

export const organizationRoutes = {
  listOrganizations,
  createOrganization,
  getOrganization,
  updateOrganization,
  removeOrganization,
};
