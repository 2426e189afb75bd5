import { Divider, Stack, Text, Title } from '@mantine/core';
import { Command } from '../../../ui/copy.tsx';
import { ClaimById } from './claim-by-id.tsx';
import { MakeClaimCode, useClaimCode } from './claim-code.tsx';
import { WaitForDevice } from './wait-for-device.tsx';

/** Claims a device that this cloud knows, by its id, or by a code that it is given. */
export function ClaimDevice() {
  const claim = useClaimCode();
  return (
    <Stack>
      <Title order={3} size="h5">
        By its device ID
      </Title>
      <ClaimById />
      <Divider />
      <Title order={3} size="h5">
        By a claim code
      </Title>
      <Text size="sm">
        For a device that you have at hand: give it the code over USB, Wi-Fi or Bluetooth, as setup apps do, and let it
        connect. It brings the code, and belongs to you from then on.
      </Text>
      <MakeClaimCode {...claim} />
      {claim.code && (
        <>
          <Command>{claim.code.claim_code}</Command>
          <WaitForDevice key={claim.code.claim_code} known={claim.code.device_ids} />
        </>
      )}
    </Stack>
  );
}
