import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';

/** Behind the system's own rules for serial devices, before those that give what is connected to who sits at the machine. */
const RULES_FILE = '70-cloud-chamber.rules';
const FOLDER = '/etc/udev/rules.d';

/** What Linux is told: everybody who sits at the machine may use these devices, and modem software leaves them alone. */
const RULES = `# Written by "chamber usb configure": devices that Cloud Chamber speaks to over USB.
ACTION=="remove", GOTO="cloud_chamber_end"
SUBSYSTEM!="usb", SUBSYSTEM!="tty", GOTO="cloud_chamber_end"
ATTRS{idVendor}=="2b04", ATTRS{idProduct}=="[cd]0??", MODE="0660", TAG+="uaccess", GROUP="plugdev", ENV{ID_MM_DEVICE_IGNORE}="1"
ATTRS{idVendor}=="1d50", ATTRS{idProduct}=="607[df]", MODE="0660", TAG+="uaccess", GROUP="plugdev", ENV{ID_MM_DEVICE_IGNORE}="1"
LABEL="cloud_chamber_end"
`;

interface Machine {
  readonly platform: NodeJS.Platform;
  readonly folder?: string;
}

/** Installs the udev rules that let people use devices over USB (CLI-59). Does nothing on systems without udev. */
export async function configureUsb(
  { platform, folder = FOLDER }: Machine,
  { out }: Pick<Context, 'out'>,
): Promise<void> {
  const path = join(folder, RULES_FILE);
  if (platform !== 'linux' || !(await isFolder(join(folder, '..')))) {
    out.result({ path: null, changed: false }, 'This system needs no configuration for USB.');
    return;
  }
  if ((await contentOf(path)) === RULES) {
    out.result({ path, changed: false }, `${path} is there already.`);
    return;
  }
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path, RULES);
  } catch (error) {
    if (!isDenied(error)) throw error;
    out.note(`What belongs into ${path}:\n\n${RULES}`);
    throw new CliError('forbidden', `${path} may be written by the administrator alone`, {
      next: `Run "sudo $(command -v chamber) usb configure", or:\n\n${byHand(path)}\n`,
      cause: error,
    });
  }
  out.result({ path, changed: true }, [
    `Wrote ${path}.`,
    'Run "sudo udevadm control --reload" and plug the devices in again.',
  ]);
}

/** The same by hand. */
function byHand(path: string): string {
  return `sudo tee ${path} > /dev/null <<'RULES'\n${RULES}RULES\nsudo udevadm control --reload`;
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code));
}
