import { z } from 'zod';
import { defineRoute } from './define-route.ts';

const tag = 'SIM cards';

const NO_SIM = 'This server keeps no SIM cards: a device may have one of any carrier.';
const description =
  'SIM cards and their plans belong to a carrier, and this server has none: there is nothing in the list, and every SIM card is an unknown one. What a device tells of its own is `iccid` of the device.';

const ownSim = z.object({ iccid: z.string() });
const productParams = z.object({ productIdOrSlug: z.string().describe('Number or slug of the product.') });
const productSim = productParams.extend({ iccid: z.string() });
const noBody = z.undefined();

const list = {
  tag,
  method: 'GET',
  description,
  responses: {
    200: z.object({ sims: z.array(z.never()), meta: z.object({ total_pages: z.int() }) }),
  },
  example: { response: { sims: [], meta: { total_pages: 0 } } },
} as const;

const one = { tag, description, responses: { 204: noBody }, errors: { 404: NO_SIM } } as const;
const unchanged = { ...one, audited: false } as const;

const listSims = defineRoute({
  ...list,
  operation: 'listSims',
  path: '/v1/sims',
  summary: 'No SIM cards',
  access: 'user',
});

const listProductSims = defineRoute({
  ...list,
  operation: 'listProductSims',
  path: '/v1/products/:productIdOrSlug/sims',
  summary: 'No SIM cards of a product',
  access: 'product',
  scope: 'sims:list',
  params: productParams,
});

const getSim = defineRoute({
  ...one,
  operation: 'getSim',
  method: 'GET',
  path: '/v1/sims/:iccid',
  summary: 'A SIM card: 404',
  access: 'user',
  params: ownSim,
});

const getSimStatus = defineRoute({
  ...one,
  operation: 'getSimStatus',
  method: 'GET',
  path: '/v1/sims/:iccid/status',
  summary: 'The connection of a SIM card: 404',
  access: 'user',
  params: ownSim,
});

const getSimUsage = defineRoute({
  ...one,
  operation: 'getSimUsage',
  method: 'GET',
  path: '/v1/sims/:iccid/data_usage',
  summary: 'What a SIM card used: 404',
  access: 'user',
  params: ownSim,
});

const updateSim = defineRoute({
  ...unchanged,
  operation: 'updateSim',
  method: 'PUT',
  path: '/v1/sims/:iccid',
  summary: 'Change a SIM card: 404',
  access: 'user',
  params: ownSim,
});

const removeSim = defineRoute({
  ...unchanged,
  operation: 'removeSim',
  method: 'DELETE',
  path: '/v1/sims/:iccid',
  summary: 'Release a SIM card: 404',
  access: 'user',
  params: ownSim,
});

const getProductSim = defineRoute({
  ...one,
  operation: 'getProductSim',
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/sims/:iccid',
  summary: 'A SIM card of a product: 404',
  access: 'product',
  scope: 'sims:get',
  params: productSim,
});

const getProductSimStatus = defineRoute({
  ...one,
  operation: 'getProductSimStatus',
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/sims/:iccid/status',
  summary: 'The connection of a SIM card of a product: 404',
  access: 'product',
  scope: 'sims.status:get',
  params: productSim,
});

const getProductSimUsage = defineRoute({
  ...one,
  operation: 'getProductSimUsage',
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/sims/:iccid/data_usage',
  summary: 'What a SIM card of a product used: 404',
  access: 'product',
  scope: 'sims.usage:get',
  params: productSim,
});

const getFleetSimUsage = defineRoute({
  ...one,
  operation: 'getFleetSimUsage',
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/sims/data_usage',
  summary: 'What the SIM cards of a product used: 404',
  access: 'product',
  scope: 'sims.usage:get',
  params: productParams,
});

const importSims = defineRoute({
  ...unchanged,
  operation: 'importSims',
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/sims',
  summary: 'Import SIM cards: 404',
  access: 'product',
  scope: 'sims:import',
  params: productParams,
});

const updateProductSim = defineRoute({
  ...unchanged,
  operation: 'updateProductSim',
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug/sims/:iccid',
  summary: 'Change a SIM card of a product: 404',
  access: 'product',
  scope: 'sims:update',
  params: productSim,
});

const removeProductSim = defineRoute({
  ...unchanged,
  operation: 'removeProductSim',
  method: 'DELETE',
  path: '/v1/products/:productIdOrSlug/sims/:iccid',
  summary: 'Release a SIM card of a product: 404',
  access: 'product',
  scope: 'sims:remove',
  params: productSim,
});

export const simRoutes = {
  listSims,
  listProductSims,
  getSim,
  getSimStatus,
  getSimUsage,
  updateSim,
  removeSim,
  getProductSim,
  getProductSimStatus,
  getProductSimUsage,
  getFleetSimUsage,
  importSims,
  updateProductSim,
  removeProductSim,
};
