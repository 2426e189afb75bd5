import type { Command } from '../../program/define-command.ts';
import { binaryInspect } from './binary-inspect.ts';
import { flash } from './flash.ts';
import { productFirmwareDelete } from './product-firmware-delete.ts';
import { productFirmwareDownload } from './product-firmware-download.ts';
import { productFirmwareList } from './product-firmware-list.ts';
import { productFirmwareRelease } from './product-firmware-release.ts';
import { productFirmwareUpdate } from './product-firmware-update.ts';
import { productFirmwareUpload } from './product-firmware-upload.ts';
import { rolloutControls } from './product-rollout-control.ts';
import { productRolloutCreate } from './product-rollout-create.ts';
import { productRolloutList } from './product-rollout-list.ts';
import { productRolloutShow } from './product-rollout-show.ts';
import { productRolloutWatch } from './product-rollout-watch.ts';

export const firmwareCommands: readonly Command[] = [
  flash,
  binaryInspect,
  productFirmwareUpload,
  productFirmwareList,
  productFirmwareRelease,
  productFirmwareUpdate,
  productFirmwareDelete,
  productFirmwareDownload,
  productRolloutCreate,
  productRolloutList,
  productRolloutShow,
  productRolloutWatch,
  ...rolloutControls,
];
