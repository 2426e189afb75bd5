import { CliError } from '../../failure/cli-error.ts';

interface Circumstances {
  /** Whether the device is still on USB. */
  readonly present: boolean;
  /** Whom it is about; undefined before its id is known. */
  readonly id?: string | undefined;
}

/** What the USB library threw, as what the user is told. It is recognised by names and texts: the library's classes are not at hand without loading it. */
export function usbFailure(error: unknown, { present, id }: Circumstances): CliError {
  if (error instanceof CliError) return error;
  const device = id === undefined ? 'A device on USB' : `The device ${id}`;
  const texts = textsOf(error);
  const says = (part: string): boolean => texts.some((text) => text.includes(part));
  const failure = (kind: CliError['kind'], message: string, next?: string): CliError =>
    new CliError(kind, message, { cause: error, next });
  if (says('LIBUSB_ERROR_ACCESS')) {
    return failure(
      'forbidden',
      `${device} may not be used by you: the system does not allow it`,
      'On Linux run "chamber usb configure" once, then plug the device in again.',
    );
  }
  if (!present || says('NO_DEVICE')) {
    return failure('offline', `${device} went away from USB`, 'Check the cable, and run the command again.');
  }
  if (says('LIBUSB_ERROR_BUSY')) {
    return failure('failure', `${device} is in use by another program`, 'Close it, and run the command again.');
  }
  if (says('LIBUSB_ERROR_NOT_SUPPORTED') || says('LIBUSB_ERROR_NOT_FOUND')) {
    return failure('failure', `${device} has no driver that this program can use`, 'On Windows, install the drivers.');
  }
  const name = error instanceof Error ? error.name : '';
  if (name === 'DeviceProtectionError') return failure('forbidden', `${device} is protected: it does not allow that`);
  if (name === 'TimeoutError' || says('TIMED_OUT')) {
    return failure('offline', `${device} did not answer in time`, 'Press its reset button, and run the command again.');
  }
  return failure('failure', `${device} refused: ${texts[0] ?? 'no reason given'}`);
}

function textsOf(error: unknown): string[] {
  const texts: string[] = [];
  for (let at = error; at instanceof Error && texts.length < 5; at = at.cause) texts.push(at.message);
  return texts;
}
