import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument } from '../../program/parameters.ts';
import { confirmTyped } from '../../prompts/confirm.ts';
import { organizationArgument } from './parameters.ts';

const find = () => import('../../services/products/find-product.ts');
const json = '`{ organization }`';
const args = { org: organizationArgument };

export const orgList = defineCommand({
  name: 'org list',
  summary: 'List the organizations that you are in',
  json: '`{ organizations }`',
  async run(_input, { cloud, out }) {
    const { organizationLines } = await import('../../services/organizations/organization-text.ts');
    const { organizations } = await cloud.call('listOrganizations');
    out.result({ organizations }, organizationLines(organizations));
  },
});

export const orgShow = defineCommand({
  name: 'org show',
  summary: 'Show an organization',
  args,
  json: '`{ organization, role }`: `role` is yours, null for a program',
  async run({ org }, { cloud, out }) {
    const { inOrganization } = await find();
    const { organizationDetails } = await import('../../services/organizations/organization-text.ts');
    const params = { orgIdOrSlug: org };
    const { organization } = await inOrganization(org, cloud.call('getOrganization', { params }));
    const { role } = await cloud.call('getOrganizationPermissions', { params });
    out.result({ organization, role }, organizationDetails(organization, role));
  },
});

export const orgCreate = defineCommand({
  name: 'org create',
  summary: 'Make an organization and own it',
  details: 'For operators, and for everybody where the cloud is set up so.',
  args: { name: argument('Its name') },
  json,
  async run({ name }, { cloud, out }) {
    const { organization } = await cloud.call('createOrganization', { body: { name } });
    out.result({ organization }, `Made organization ${organization.slug}`);
  },
});

export const orgRename = defineCommand({
  name: 'org rename',
  summary: 'Give an organization another name; its slug stays',
  args: { ...args, name: argument('Its new name') },
  json,
  async run({ org, name }, { cloud, out }) {
    const { inOrganization } = await find();
    const call = cloud.call('updateOrganization', { params: { orgIdOrSlug: org }, body: { name } });
    const { organization } = await inOrganization(org, call);
    out.result({ organization }, `Organization ${organization.slug} is called ${printable(organization.name)} now`);
  },
});

export const orgDelete = defineCommand({
  name: 'org delete',
  summary: 'Delete an organization that has no products',
  args,
  json: '`{ id, slug }`',
  async run({ org }, { cloud, out, ask }) {
    const { inOrganization } = await find();
    const call = cloud.call('getOrganization', { params: { orgIdOrSlug: org } });
    const { id, slug, name } = (await inOrganization(org, call)).organization;
    await confirmTyped(ask, `Type ${slug} to delete the organization "${printable(name)}" for good:`, slug);
    await cloud.call('removeOrganization', { params: { orgIdOrSlug: id } });
    out.result({ id, slug }, `Deleted organization ${slug}`);
  },
});

export const orgProducts = defineCommand({
  name: 'org products',
  summary: 'List the products of an organization',
  args,
  json: '`{ products }`',
  async run({ org }, { cloud, out }) {
    const { listProducts } = await import('../../services/products/list-products.ts');
    const { productLines } = await import('../../services/products/product-text.ts');
    const products = await listProducts(cloud, org);
    out.result({ products }, productLines(products));
  },
});
