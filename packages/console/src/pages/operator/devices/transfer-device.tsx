import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { api } from '../../../data/api.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { deviceIdProblem, emailProblem } from './field-checks.ts';

/** Gives a device to an account, or to nobody. */
export function TransferDevice() {
  const [isAsking, setIsAsking] = useState(false);
  const form = useForm({
    initialValues: { id: '', owner: '', toNobody: false },
    validate: { id: deviceIdProblem, owner: (text, { toNobody }) => (toNobody ? null : emailProblem(text)) },
  });
  const { id, owner, toNobody } = form.values;
  const target = toNobody ? 'nobody' : owner.trim();
  const transfer = useChange({
    run: () =>
      api.call('transferDevice', {
        params: { deviceId: id.trim().toLowerCase() },
        body: { owner: toNobody ? null : owner.trim() },
      }),
    changes: ['listDevices'],
    done: () => `${id.trim().toLowerCase()} belongs to ${target} now`,
    onDone: () => form.reset(),
    showsError: true,
  });
  return (
    <Panel title="Transfer a device" about="Whoever owns it is not asked. It stays in its product and connected.">
      <form onSubmit={form.onSubmit(() => setIsAsking(true))} noValidate>
        <Stack gap="sm">
          <TextInput label="Device ID" required autoComplete="off" spellCheck={false} {...form.getInputProps('id')} />
          <TextInput
            label="New owner"
            description="E-mail of an account"
            type="email"
            disabled={toNobody}
            {...form.getInputProps('owner')}
          />
          <Checkbox
            label="Nobody owns it then: whoever claims it next does"
            {...form.getInputProps('toNobody', { type: 'checkbox' })}
          />
          {transfer.isError && <ErrorState error={transfer.error} />}
          <Group justify="flex-end">
            <Button type="submit" variant="default" loading={transfer.isPending}>
              Transfer
            </Button>
          </Group>
        </Stack>
      </form>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false);
          transfer.mutate();
        }}
        title="Transfer this device?"
        action="Transfer the device"
      >
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {id.trim().toLowerCase()} belongs to {target} from then on. Whoever owned it sees it no more.
        </Text>
      </Confirm>
    </Panel>
  );
}
