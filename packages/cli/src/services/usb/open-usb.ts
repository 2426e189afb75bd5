import { CliError } from '../../failure/cli-error.ts';
import { particleUsbPort } from './particle-usb-port.ts';
import type { UsbPort } from './usb-port.ts';

const LEAST_NODE = 22;
const OTHERS = 'All commands that go over the cloud work without it.';

/**
 * USB of this machine. Its library is loaded now and not before: it has native parts, and no other command needs it.
 * @throws CliError when it cannot be loaded here, with what to do about that
 */
export async function openUsb(
  { interrupted }: { readonly interrupted: AbortSignal },
  nodeVersion = process.versions.node,
): Promise<UsbPort> {
  needNode(nodeVersion);
  try {
    const { default: library } = await import('particle-usb');
    return particleUsbPort({ library, interrupted });
  } catch (error) {
    throw cannotLoad(error);
  }
}

/** @throws CliError for a Node before 22, such as 20.12 */
function needNode(version: string): void {
  if (Number(version.split('.')[0]) >= LEAST_NODE) return;
  throw new CliError('failure', `Commands over USB need Node ${LEAST_NODE} or later; this is v${version}`, {
    next: `Install Node ${LEAST_NODE}. ${OTHERS}`,
  });
}

/** What is missing when the library does not load: itself, or its native part. */
function cannotLoad(error: unknown): CliError {
  const missing = error instanceof Error && 'code' in error && /MODULE_NOT_FOUND$/.test(String(error.code));
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return new CliError('failure', missing ? 'The library for USB is not installed' : `USB cannot be used: ${reason}`, {
    next: `Install it with "npm install particle-usb" beside chamber. ${OTHERS}`,
    cause: error,
  });
}
