import type { ConsoleCloud } from '@cloudchamber/contract';
import { Code, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { parsedDeviceId } from '../../../data/device-id.ts';
import { Command } from '../../../ui/copy.tsx';
import { Notice } from '../notice.tsx';
import { hardwareCommands } from './commands.ts';
import { Step } from './step.tsx';
import { WaitForDevice } from './wait-for-device.tsx';

export interface HardwareStepsProps {
  readonly cloud: ConsoleCloud;
  readonly transport: 'udp' | 'tcp';
}

/** How hardware is pointed at this cloud, registered and claimed, with the published command line. */
export function HardwareSteps({ cloud, transport }: HardwareStepsProps) {
  const [text, setText] = useState('');
  const deviceId = parsedDeviceId(text);
  const port = transport === 'udp' ? cloud.udpPort : cloud.tcpPort;
  if (port === null) {
    return (
      <Notice
        kind="warning"
        title={`${transport === 'udp' ? 'DTLS' : 'AES over TCP'} is off on this cloud, so these devices cannot connect.`}
      />
    );
  }
  const commands = hardwareCommands({ cloud, transport, deviceId });
  return (
    <Stack>
      <Text size="sm">
        {transport === 'udp'
          ? 'Photon 2, P2, Argon, Boron, Electron, B and M SoM, Tracker: they call this cloud by DTLS on UDP port '
          : 'Photon, P1 and Spark Core: they call this cloud by AES on TCP port '}
        <Code>{port}</Code> of <Code>{cloud.deviceHost}</Code>. Your computer needs particle-cli (
        <Code>npm install --global particle-cli</Code>), and the device a USB cable.
      </Text>
      <TextInput
        label="Device ID"
        description="24 hexadecimal digits: particle identify shows it. The commands below take it over."
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={text.trim() !== '' && deviceId === undefined ? 'A device ID has 24 hexadecimal digits' : undefined}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <Step number={1} title="Point the command line at this cloud">
        <Command>{commands.profile}</Command>
      </Step>
      <Step number={2} title="Write this cloud's key and address to the device">
        <Text size="sm">
          Put the device into DFU mode: hold MODE, tap RESET, and let MODE go when the light blinks yellow.
        </Text>
        <Command>{commands.serverKey}</Command>
      </Step>
      <Step number={3} title="Register the device's own key">
        <Text size="sm">Still in DFU mode:</Text>
        <Command>{commands.deviceKey}</Command>
      </Step>
      <Step number={4} title="Claim the device">
        <Text size="sm">Press RESET. The device connects: its light breathes cyan.</Text>
        <Command>{commands.claim}</Command>
        <WaitForDevice />
      </Step>
    </Stack>
  );
}
