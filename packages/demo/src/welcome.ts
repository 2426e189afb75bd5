import type { Demo } from './demo-file.ts';

export interface WelcomeFacts {
  readonly url: string;
  readonly deviceAddress: string;
  readonly dataDir: string;
  readonly demo: Demo;
}

/** What a person sees when everything runs: addresses, the account, and two lines to paste into a shell. */
export function welcome({ url, deviceAddress, dataDir, demo }: WelcomeFacts): string {
  const width = Math.max(...demo.devices.map(({ name }) => name.length));
  const devices = demo.devices.map(({ id, name, kind }) => `  ${name.padEnd(width)}  ${id}  ${kind}, online`);
  const weather = demo.devices.find(({ kind }) => kind === 'weather') ?? demo.devices[0];
  const authorization = `-H "Authorization: Bearer ${demo.access_token}"`;
  return `
Cloud Chamber is running.

  Console  ${url}    log in as ${demo.email}, password: ${demo.password}
  API      ${url}    its pages: ${url}/v1/docs
  CLI      bash <(curl -sL ${url}/install-cli)    then: chamber login, chamber list
  Devices  ${deviceAddress}
  Data     ${dataDir}    (demo.json has all of this for scripts)

Virtual devices:

${devices.join('\n')}

Read a variable:

  curl ${authorization} ${url}/v1/devices/${weather?.id}/temperature

Stream events (Ctrl-C ends it):

  curl -N ${authorization} ${url}/v1/devices/events

Ctrl-C here stops the cloud.
`;
}
