import { ApiError } from '@cloudchamber/contract/client';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { api } from '../../../data/api.ts';
import { parsedDeviceId } from '../../../data/device-id.ts';
import { useChange } from '../../../data/use-change.ts';
import { Link } from '../../../ui/link.tsx';
import { messageOf } from '../../../ui/toasts.tsx';
import { Notice } from '../notice.tsx';

interface Claim {
  readonly id: string;
  /** Ask its owner for it. */
  readonly transfer: boolean;
}

/** Claims a device by its id; when it is somebody's, offers to ask for it. */
export function ClaimById() {
  const form = useForm({ mode: 'uncontrolled', initialValues: { id: '' } });
  const [owned, setOwned] = useState<string>();
  const claim = useChange({
    run: ({ id, transfer }: Claim) =>
      api.call('claimDevice', { body: { id, ...(transfer && { request_transfer: true }) } }),
    changes: ['listDevices', 'listDeviceTransfers'],
    onDone: () => {
      setOwned(undefined);
      form.reset();
    },
    showsError: true,
  });
  const send = (value: Claim) =>
    claim.mutate(value, {
      onError: (error) => {
        form.setFieldError('id', messageOf(error));
        const isOwned = error instanceof ApiError && error.status === 403 && !value.transfer;
        setOwned(isOwned ? value.id : undefined);
      },
    });
  const submit = form.onSubmit((values) => {
    const id = parsedDeviceId(values.id);
    if (id === undefined) return form.setFieldError('id', 'A device ID has 24 hexadecimal digits');
    send({ id, transfer: false });
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <TextInput
          label="Device ID"
          description="Of a device that this cloud knows, and that nobody owns."
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          key={form.key('id')}
          {...form.getInputProps('id')}
        />
        <Group>
          <Button type="submit" loading={claim.isPending}>
            Claim the device
          </Button>
        </Group>
        {owned !== undefined && (
          <Notice title="It belongs to somebody else">
            <Stack gap="xs" align="flex-start">
              <Text size="sm">
                You can ask its owner for it: they get a mail, and may give it to you within a week.
              </Text>
              <Button size="compact-sm" loading={claim.isPending} onClick={() => send({ id: owned, transfer: true })}>
                Ask for the device
              </Button>
            </Stack>
          </Notice>
        )}
        {claim.data !== undefined && <Claimed reply={claim.data} />}
      </Stack>
    </form>
  );
}

function Claimed({ reply }: { readonly reply: object }) {
  if ('transfer_id' in reply) {
    return <Notice kind="done" live title="Its owner was asked. You get a mail with the answer." />;
  }
  if (!('deviceID' in reply) || typeof reply.deviceID !== 'string') return null;
  return (
    <Notice kind="done" title="The device is yours" live>
      <Link to="/devices/$deviceId" params={{ deviceId: reply.deviceID }}>
        Open the device
      </Link>
    </Notice>
  );
}
