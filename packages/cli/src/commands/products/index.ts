import type { Command } from '../../program/define-command.ts';
import { teamCommands } from '../organizations/team-commands.ts';
import {
  productCustomerCreate,
  productCustomerList,
  productCustomerPassword,
  productCustomerRemove,
} from './customers.ts';
import { productDeviceAdd } from './device-add.ts';
import { productDeviceApprove } from './device-approve.ts';
import { productDeviceDeny } from './device-deny.ts';
import { productDeviceDevelopment } from './device-development.ts';
import { productDeviceGroupAdd, productDeviceGroupRemove, productDeviceGroupSet } from './device-group.ts';
import { productDeviceList } from './device-list.ts';
import { productDeviceLock } from './device-lock.ts';
import { productDeviceRelease } from './device-release.ts';
import { productDeviceRemove } from './device-remove.ts';
import { productDeviceUnlock } from './device-unlock.ts';
import {
  productGroupCreate,
  productGroupDelete,
  productGroupList,
  productGroupRename,
  productGroupUpdate,
} from './groups.ts';
import { productArgument } from './parameters.ts';
import { productCreate } from './product-create.ts';
import { productDelete } from './product-delete.ts';
import { productList } from './product-list.ts';
import { productShow } from './product-show.ts';
import { productTransfer } from './product-transfer.ts';
import { productUpdate } from './product-update.ts';

export const productsCommands: readonly Command[] = [
  productList,
  productCreate,
  productShow,
  productUpdate,
  productTransfer,
  productDelete,
  productDeviceList,
  productDeviceAdd,
  productDeviceRemove,
  productDeviceApprove,
  productDeviceDeny,
  productDeviceRelease,
  productDeviceLock,
  productDeviceUnlock,
  productDeviceDevelopment,
  productDeviceGroupAdd,
  productDeviceGroupRemove,
  productDeviceGroupSet,
  productGroupList,
  productGroupCreate,
  productGroupRename,
  productGroupUpdate,
  productGroupDelete,
  ...teamCommands({
    noun: 'product',
    place: productArgument,
    example: 'greenhouse-v1',
    open: async (cloud, place) => (await import('../../services/teams/team.ts')).productTeam(cloud, place),
  }),
  productCustomerList,
  productCustomerCreate,
  productCustomerPassword,
  productCustomerRemove,
];
