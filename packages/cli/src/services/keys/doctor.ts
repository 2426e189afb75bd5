import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { chooseDevice } from '../usb/choose-devices.ts';
import { inDfu } from '../usb/open-device.ts';
import type { UsbPort } from '../usb/usb-port.ts';
import { giveNewKey, writeVerified } from './device-key.ts';
import { keysOf } from './key-places.ts';
import { registerKey } from './send-key.ts';
import { addressText, serverKey } from './server-key.ts';

interface Doctor {
  readonly device: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
}

/** Gives a device a new key pair, which the cloud is told, and the cloud's own key and address (CLI-62). */
export async function keysDoctor(
  { device: word, host, port: serverPort }: Doctor,
  port: UsbPort,
  context: Pick<Context, 'out' | 'ask' | 'cloud' | 'cwd' | 'clock' | 'interrupted'>,
): Promise<void> {
  const { out, ask, cloud } = context;
  // What would fail later on fails before the device is touched.
  cloud.token();
  const device = await chooseDevice(word, port, context);
  const { transport, server } = keysOf(device.platformId);
  const known = await serverKey({ file: undefined, host, port: serverPort }, transport, context);
  const address = addressText(transport, known.address);
  out.note(`The device ${device.id} gets a new key pair, which the cloud at ${cloud.url} is told,`);
  out.note(`and connects to ${address} from then on. Its key of now is saved to a file.`);
  if (!(await ask.confirm('Go on?'))) throw new CliError('failure', 'Nothing was changed');
  const files = await inDfu(port, device, context, 'restart', async (opened) => {
    const made = await giveNewKey(
      device,
      opened,
      (key, file) => registerKey({ id: device.id, key, file }, context),
      context,
    );
    out.note('submitting public key succeeded!');
    await writeVerified(opened, server, known.bytes);
    if (device.mode === 'dfu') await opened.reset();
    return made;
  });
  out.result(
    { id: device.id, private_key: files.der, public_key: files.pem, address },
    `Okay! New keys are in place: device ${device.id} restarts, and connects to ${address}.`,
  );
}
