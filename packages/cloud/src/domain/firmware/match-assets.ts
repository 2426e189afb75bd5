import { type ModuleImage, sha256 } from '@cloudchamber/wire';
import { badFirmware } from './bad-firmware.ts';

export interface Asset {
  readonly name: string;
  readonly content: Uint8Array;
  /** SHA-256, hex. */
  readonly hash: string;
}

/**
 * The assets of a bundle. An application and its bundle must agree on every one, else the device would wait for one for ever (protocol section 9.5).
 * @throws DomainError `device.bad_firmware`
 */
export function matchAssets(
  assets: ReadonlyMap<string, Uint8Array>,
  application: Pick<ModuleImage, 'assets'> | undefined,
): Asset[] {
  const needed = new Map((application?.assets ?? []).map(({ name, hash }) => [name, hash]));
  for (const name of needed.keys()) if (!assets.has(name)) throw badFirmware(`The bundle lacks the asset ${name}`);
  return [...assets].map(([name, content]) => {
    const hash = sha256(content).toString('hex');
    if (needed.get(name) !== hash) throw badFirmware(`The asset ${name} is not the one that the application names`);
    return { name, content, hash };
  });
}
