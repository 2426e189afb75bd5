import { accountMethods, clientMethods, customerMethods } from './account.ts';
import { claimMethods, deviceMethods } from './devices.ts';
import { eventMethods } from './events.ts';
import { firmwareMethods, libraryMethods } from './firmware.ts';
import {
  configurationMethods,
  environmentMethods,
  ledgerMethods,
  locationMethods,
  logicMethods,
  simMethods,
} from './fleet.ts';
import { helperMethods } from './helpers.ts';
import { integrationMethods } from './integrations.ts';
import type { Methods } from './method.ts';
import { productFirmwareMethods } from './product-firmware.ts';
import { productMethods, teamMethods } from './products.ts';

/** Every public method of the published client, by the chapter of the table that it stands in. */
export const GROUPS: Readonly<Record<string, Methods>> = {
  Account: accountMethods,
  Devices: deviceMethods,
  Claiming: claimMethods,
  Products: productMethods,
  'Product firmware': productFirmwareMethods,
  Team: teamMethods,
  Customers: customerMethods,
  'OAuth clients': clientMethods,
  Events: eventMethods,
  Integrations: integrationMethods,
  Firmware: firmwareMethods,
  Libraries: libraryMethods,
  'SIM cards': simMethods,
  Configuration: configurationMethods,
  Locations: locationMethods,
  Logic: logicMethods,
  Ledgers: ledgerMethods,
  Environment: environmentMethods,
  Helpers: helperMethods,
};
