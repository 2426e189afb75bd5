import type { Context } from '../../program/context.ts';
import { functionLines, labelOf, variableLines } from './device-text.ts';
import { type Device, findDevice } from './find-device.ts';
import { emptyText, listDevices } from './list-devices.ts';

interface Wanted {
  /** Id or name; all devices when left out. */
  readonly device?: string | undefined;
  readonly product?: string | undefined;
}

/** Prints which variables devices have. */
export async function showVariables(context: Pick<Context, 'cloud' | 'out'>, wanted: Wanted): Promise<void> {
  const devices = await devicesIn(context, wanted);
  const data = devices.map(({ id, name, online, variables }) => ({ id, name, online, variables }));
  context.out.result(
    data,
    devices.flatMap((device) => partLines(device, variableLines(device))),
  );
}

/** Prints which functions devices have. */
export async function showFunctions(context: Pick<Context, 'cloud' | 'out'>, wanted: Wanted): Promise<void> {
  const devices = await devicesIn(context, wanted);
  const data = devices.map(({ id, name, online, functions }) => ({ id, name, online, functions }));
  context.out.result(
    data,
    devices.flatMap((device) => partLines(device, functionLines(device))),
  );
}

async function devicesIn(
  { cloud, out }: Pick<Context, 'cloud' | 'out'>,
  { device, product }: Wanted,
): Promise<readonly Device[]> {
  if (device !== undefined) return [await findDevice(cloud, device, product)];
  const devices = await listDevices({ cloud }, { product });
  if (devices.length === 0) out.note(emptyText({ product }));
  return devices;
}

/** What a device said when it connected last; it stays known while it is offline. */
function partLines(device: Device, parts: readonly string[]): readonly string[] {
  const state = device.online ? '' : ' is offline';
  return [`${labelOf(device)}${state}`, ...(parts.length === 0 ? ['    none'] : parts)];
}
