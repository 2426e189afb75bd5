import type { Output } from '@cloudchamber/contract';
import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../../data/api.ts';
import { useChange } from '../../../data/use-change.ts';

export type ClaimCode = Output<'createClaimCode'>;

/** @returns the claim code that was made last, and what makes one */
export function useClaimCode() {
  const [code, setCode] = useState<ClaimCode>();
  const make = useChange({
    run: () => api.call('createClaimCode', { body: {} }),
    changes: [],
    onDone: (made) => setCode(made),
  });
  return { code, make };
}

/** The button that makes a claim code; it can be pressed again for another device. */
export function MakeClaimCode({ code, make }: ReturnType<typeof useClaimCode>) {
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant={code === undefined ? 'filled' : 'default'}
        loading={make.isPending}
        onClick={() => make.mutate()}
      >
        {code === undefined ? 'Create a claim code' : 'Create another code'}
      </Button>
      <Text size="sm" c="dimmed">
        A code is good for one hour and for one device.
      </Text>
    </Stack>
  );
}
