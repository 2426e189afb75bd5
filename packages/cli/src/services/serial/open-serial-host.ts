import type { SerialPort } from 'serialport';
import { CliError } from '../../failure/cli-error.ts';
import { closedPort, openFailure } from './port-failures.ts';
import type { SerialHost, SerialLine } from './serial-host.ts';

/** What listening mode is spoken at. Others have a meaning of their own to devices: 14400 and 28800 change their mode. */
const BAUD_RATE = 9600;

/** Serial ports through the package `serialport`, which is loaded here alone. @throws CliError with what to install where it is not there */
export async function openSerialHost(): Promise<SerialHost> {
  const { SerialPort } = await import('serialport').catch((error: unknown) => {
    throw new CliError(
      'failure',
      'Serial ports need the package "serialport", which is not installed or does not run here',
      {
        next: 'Install it with "npm install --global serialport" beside a global chamber, or "npm install" in the folder of Cloud Chamber. All other commands work without it.',
        cause: error,
      },
    );
  });
  return {
    list: () => SerialPort.list(),
    open: (path) =>
      new Promise((resolve, reject) => {
        const port: SerialPort = new SerialPort({ path, baudRate: BAUD_RATE, autoOpen: false });
        port.open((error) => {
          if (error === null) resolve(lineOf(port));
          else reject(openFailure(path, error.message, process.platform));
        });
      }),
  };
}

function lineOf(port: SerialPort): SerialLine {
  // Each has its say: what fails here ends the port, which is told there.
  port.on('error', () => {});
  return {
    path: port.path,
    write: (text) =>
      new Promise((resolve, reject) => {
        port.write(text, 'utf8', (failed) => {
          if (failed !== null && failed !== undefined) return reject(closedPort(port.path));
          port.drain((error) => (error === null ? resolve() : reject(closedPort(port.path))));
        });
      }),
    onData: (take) => void port.on('data', take),
    onEnd: (run) => void port.once('close', run),
    close: () =>
      new Promise((resolve) => {
        if (port.isOpen) port.close(() => resolve());
        else resolve();
      }),
  };
}
