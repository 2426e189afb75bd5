import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { chooseDevices, type Wanted } from './choose-devices.ts';
import { openNow, openWhenBack } from './open-device.ts';
import { isAtLeast, usbPlatform } from './usb-platform.ts';
import type { UsbDevice, UsbDeviceInfo, UsbMode, UsbPort } from './usb-port.ts';

/** What can be done to a device's mode (CLI-53 to CLI-57). */
export type ModeChange = 'start-listening' | 'stop-listening' | 'safe-mode' | 'dfu' | 'reset';

interface Rule {
  /** Modes that it can be done from. Safe mode looks like normal mode over USB. */
  readonly from: readonly UsbMode[];
  /** The mode that it leads to: nothing is to be done there. */
  readonly to?: UsbMode;
  readonly refusal: string;
  readonly done: string;
  run(device: UsbDevice): Promise<void>;
}

const RULES: Readonly<Record<ModeChange, Rule>> = {
  'start-listening': {
    from: ['normal'],
    to: 'listening',
    refusal: 'Start listening can only be done from normal operating mode or safe mode',
    done: 'is in listening mode',
    run: (device) => device.startListening(),
  },
  'stop-listening': {
    from: ['listening'],
    refusal: 'Stop listening can only be done from listening mode (blinking dark blue)',
    done: 'has left listening mode',
    run: (device) => device.stopListening(),
  },
  'safe-mode': {
    from: ['normal'],
    refusal: 'Safe mode can only be entered from normal operating mode',
    done: 'restarts in safe mode',
    run: (device) => device.enterSafeMode(),
  },
  dfu: {
    from: ['normal'],
    to: 'dfu',
    refusal: 'DFU mode can only be entered from normal operating mode or safe mode',
    done: 'is in DFU mode',
    run: (device) => device.enterDfu(),
  },
  reset: {
    from: ['normal', 'dfu'],
    refusal: 'Reset can be used from normal operating mode, safe mode, or DFU mode',
    done: 'restarts',
    run: (device) => device.reset(),
  },
};

const MODES: Readonly<Record<UsbMode, string>> = {
  normal: 'normal operating mode',
  listening: 'listening mode',
  dfu: 'DFU mode',
  unknown: 'a mode that it does not tell',
};

/** Changes the mode of one device after the other. One that fails does not keep the others from it. @throws CliError of the first that failed */
export async function changeMode(
  change: ModeChange,
  wanted: Wanted,
  port: UsbPort,
  context: Pick<Context, 'out' | 'ask' | 'cloud' | 'clock' | 'interrupted'>,
): Promise<void> {
  const devices = await chooseDevices(wanted, port, context);
  const done: UsbDeviceInfo[] = [];
  let failure: CliError | undefined;
  for (const device of devices) {
    try {
      await changeOne(change, device, port, context);
      done.push(device);
    } catch (error) {
      if (!(error instanceof CliError) || error.kind === 'interrupted' || devices.length === 1) throw error;
      if (failure !== undefined) context.out.warn(failure.message);
      failure = error;
    }
  }
  if (failure !== undefined) {
    for (const { id } of done) context.out.note(`Device ${id} ${RULES[change].done}`);
    throw failure;
  }
  context.out.result(
    done.map(({ id, platformId }) => ({ id, platform_id: platformId })),
    done.map(({ id }) => `Device ${id} ${RULES[change].done}`),
  );
}

async function changeOne(
  change: ModeChange,
  info: UsbDeviceInfo,
  port: UsbPort,
  context: Pick<Context, 'clock' | 'interrupted'>,
): Promise<void> {
  const rule = RULES[change];
  if (info.mode === rule.to) return;
  checkAllowed(rule, info);
  const device = await openNow(port, info.id);
  try {
    await rule.run(device);
  } finally {
    await device.close();
  }
  if (rule.to === 'dfu') await (await openWhenBack(port, info.id, 'dfu', context)).close();
}

/** @throws CliError when the device's mode does not allow it, or its Device OS is too old */
function checkAllowed({ from, refusal }: Rule, info: UsbDeviceInfo): void {
  checkVersion(info);
  if (info.mode === 'unknown' || from.includes(info.mode)) return;
  throw new CliError('failure', `${refusal}; the device ${info.id} is in ${MODES[info.mode]}`, {
    next: wayOut(info),
  });
}

/** @throws CliError for a device whose Device OS does not take commands over USB (CLI-60) */
export function checkVersion({ id, platformId, version, mode }: UsbDeviceInfo): void {
  const { name, leastVersion } = usbPlatform(platformId);
  if (leastVersion === undefined) {
    throw new CliError('failure', `The device ${id} is a ${name}, which takes no commands over USB`);
  }
  if (mode === 'dfu' || version === undefined || isAtLeast(version, leastVersion)) return;
  throw new CliError('failure', `The device ${id} has Device OS ${version}: USB commands need ${leastVersion}`, {
    next: 'Put it into DFU mode with its buttons, then run "chamber update".',
  });
}

function wayOut({ id, mode }: UsbDeviceInfo): string {
  if (mode === 'dfu') return `Run "chamber usb reset ${id}" first.`;
  if (mode === 'listening') return `Run "chamber usb stop-listening ${id}" first.`;
  return `Run "chamber usb start-listening ${id}" first.`;
}
