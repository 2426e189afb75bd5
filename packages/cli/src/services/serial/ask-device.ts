import type { Context } from '../../program/context.ts';
import { choosePort } from './choose-port.ts';
import { ListeningClient } from './listening-client.ts';
import { openSerialHost } from './open-serial-host.ts';

/** Asks the device that is meant something, in listening mode. @param wanted as of `choosePort` @throws CliError of the port or the device */
export async function askDevice<T>(
  wanted: string | undefined,
  context: Pick<Context, 'ask' | 'clock' | 'interrupted'>,
  question: (client: ListeningClient) => Promise<T>,
): Promise<{ readonly path: string; readonly answer: T }> {
  const host = await openSerialHost();
  const { path } = await choosePort(wanted, host, context);
  return { path, answer: await ListeningClient.using(path, host, context, question) };
}
