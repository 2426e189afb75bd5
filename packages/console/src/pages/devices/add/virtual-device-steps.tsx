import type { ConsoleCloud } from '@cloudchamber/contract';
import { Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Command } from '../../../ui/copy.tsx';
import { Notice } from '../notice.tsx';
import { MakeClaimCode, useClaimCode } from './claim-code.tsx';
import { virtualDeviceCommand } from './commands.ts';
import { Step } from './step.tsx';
import { TokenField } from './token-field.tsx';
import { WaitForDevice } from './wait-for-device.tsx';

const BEHAVIOURS = [
  { value: 'weather', label: 'weather: publishes readings, has variables' },
  { value: 'tinker', label: 'tinker: reads and writes pins by functions' },
  { value: 'echo', label: 'echo: for tests, has everything' },
];
const WAYS = [
  { value: 'code', label: 'Claim code' },
  { value: 'token', label: 'Access token' },
];

/** How a virtual device is run and claimed. */
export function VirtualDeviceSteps({ cloud }: { readonly cloud: ConsoleCloud }) {
  const [way, setWay] = useState('code');
  const [behaviour, setBehaviour] = useState('weather');
  const [token, setToken] = useState<string>();
  const claim = useClaimCode();
  const { code } = claim;
  const withCode = way === 'code';
  const command = virtualDeviceCommand({
    cloud,
    token,
    behaviour,
    ...(withCode && code && { claimCode: code.claim_code }),
  });
  if (cloud.udpPort === null) {
    return <Notice kind="warning" title="DTLS is off on this cloud, so virtual devices cannot connect." />;
  }
  const steps = withCode ? { token: 2, run: 3 } : { token: 1, run: 2 };
  return (
    <Stack>
      <Text size="sm">
        A virtual device speaks the same protocol as hardware: use it to learn, and to test without a board. It runs in
        the folder of Cloud Chamber, on any computer that reaches this cloud.
      </Text>
      <Group gap="md">
        <SegmentedControl data={WAYS} value={way} onChange={setWay} aria-label="How the device is claimed" />
        <Select
          aria-label="What the device does"
          data={BEHAVIOURS}
          value={behaviour}
          onChange={(value) => value !== null && setBehaviour(value)}
          allowDeselect={false}
          style={{ flex: '1 1 240px' }}
        />
      </Group>
      {withCode && (
        <Step number={1} title="Make a claim code">
          <MakeClaimCode {...claim} />
        </Step>
      )}
      <Step number={steps.token} title={withCode ? 'Let the command register its key' : 'Let the command claim it'}>
        <TokenField token={token} onToken={setToken} />
      </Step>
      <Step number={steps.run} title="Run the device">
        {withCode && code === undefined ? (
          <Text size="sm" c="dimmed">
            The command stands here when there is a code.
          </Text>
        ) : (
          <>
            <Command>{command}</Command>
            {token === undefined && (
              <Text size="sm" c="dimmed">
                Without a token filled in, the command takes yours from the variable TOKEN of your shell.
              </Text>
            )}
            <WaitForDevice key={code?.claim_code ?? way} {...(withCode && code && { known: code.device_ids })} />
          </>
        )}
      </Step>
    </Stack>
  );
}
