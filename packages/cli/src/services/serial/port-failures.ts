import { CliError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';

const LISTEN =
  'Hold its SETUP or MODE button until the light blinks dark blue, or run "chamber usb start-listening"; then try again.';

/** Why a port could not be opened. @param message as the system or `serialport` words it @param platform as `process.platform` */
export function openFailure(path: string, message: string, platform: string): CliError {
  const port = printable(path);
  if (/no such file|file not found|ENOENT|ENXIO|no such device/i.test(message)) {
    return new CliError('not-found', `There is no serial port ${port}`, {
      next: '"chamber serial list" shows the ports of devices. Is it plugged in, with a cable that carries data?',
    });
  }
  const denied = /permission denied|access denied|EACCES|EPERM/i.test(message);
  if (/lock port|temporarily unavailable|busy/i.test(message) || (denied && platform === 'win32')) {
    return new CliError('failure', `${port} is in use by another program`, {
      next: 'Close it there, such as a serial monitor, and try again.',
    });
  }
  if (denied) {
    return new CliError('forbidden', `You may not open ${port}`, {
      next: `On Linux ports belong to a group, mostly dialout: run "sudo usermod -a -G dialout $USER", and log in again.`,
    });
  }
  if (/inappropriate ioctl|not a (tty|typewriter)|is a directory/i.test(message)) {
    return new CliError('failure', `${port} is not a serial port`, {
      next: '"chamber serial list" shows the ports of devices.',
    });
  }
  return new CliError('failure', `${port} cannot be opened: ${printable(message)}`);
}

/** The port went away in the middle. */
export function closedPort(path: string): CliError {
  return new CliError('offline', `The connection to ${printable(path)} was lost`, {
    next: 'Is the cable loose, or did the device restart? Try again when it is back.',
  });
}

/** Nothing that makes sense came in time. @param received since the question @param sent what was sent */
export function silentDevice(path: string, received: string, sent: string): CliError {
  const port = printable(path);
  if (sent !== '' && received.trim() === sent.trim()) {
    return new CliError(
      'offline',
      `The device on ${port} waits for the rest of another dialogue, such as of a set-up that was broken off`,
      {
        next: `Press its RESET button. ${LISTEN}`,
      },
    );
  }
  if (received !== '') {
    return new CliError(
      'offline',
      `What the device on ${port} sends is no answer: it does not seem to be in listening mode`,
      { next: LISTEN },
    );
  }
  return new CliError('offline', `The device on ${port} does not answer: it does not seem to be in listening mode`, {
    next: LISTEN,
  });
}
