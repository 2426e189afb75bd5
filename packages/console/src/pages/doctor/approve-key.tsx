import { Button, List, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Command } from '../../ui/copy.tsx';
import { ATTEMPT_READS, type Attempt, approveKeyOf, type DoctorView } from './attempt-read.ts';
import { KeyCompared } from './key-comparison.tsx';

export interface ApproveKeyProps {
  readonly view: DoctorView;
  readonly attempt: Attempt;
}

/** Registers the key of an attempt for its device, after it has said what that means. */
export function ApproveKey({ view, attempt }: ApproveKeyProps) {
  const [isAsking, setIsAsking] = useState(false);
  const name = attempt.device_name ?? attempt.device_id ?? 'the device';
  const change = useChange({
    run: () => approveKeyOf(view, attempt),
    changes: ATTEMPT_READS,
    done: () => `The key is registered. ${name} is let in when it tries again`,
    onDone: () => setIsAsking(false),
  });
  return (
    <>
      <Button leftSection={<IconKey size={18} aria-hidden />} onClick={() => setIsAsking(true)}>
        Approve this key
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => change.mutate()}
        title={`Approve this key for ${name}?`}
        action="Approve this key"
        loading={change.isPending}
      >
        <Stack gap="sm">
          <Text size="sm">
            From then on the cloud lets in whoever owns this key as {name}, and no other key. A session under another
            key ends.
          </Text>
          <List size="sm" spacing={4}>
            <List.Item>
              Right: you gave the device a new key, flashed it anew, or have just brought this device here yourself.
            </List.Item>
            <List.Item>
              Wrong: you don't know why the key is another. Somebody else may be trying with the id of your device.
            </List.Item>
          </List>
          <KeyCompared attempt={attempt} />
          <Text size="sm">With the device's key file you can compare:</Text>
          <Command>{`openssl ec -inform DER -in ${attempt.device_id ?? 'device'}.der -pubout -outform DER | sha256sum`}</Command>
        </Stack>
      </Confirm>
    </>
  );
}
