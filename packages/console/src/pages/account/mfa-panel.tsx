import { Badge, Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { Problem } from '../../components/account-forms/problem.tsx';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { Panel } from '../../ui/panel.tsx';
import { ACCOUNT_READS, type AccountProps, WRONG_PASSWORD } from './account.ts';
import { EnableMfaModal } from './enable-mfa-modal.tsx';

/** Switches the second factor of log-ins on and off. */
export function MfaPanel({ account }: AccountProps) {
  const [opened, setOpened] = useState<'enable' | 'disable'>();
  const close = () => setOpened(undefined);
  const { enabled } = account.mfa;
  return (
    <Panel
      title="Multifactor authentication"
      about="A log-in takes a code of an authenticator app too, so the password alone opens nothing."
      action={
        enabled ? (
          <Badge variant="light" color="teal" leftSection="●">
            On
          </Badge>
        ) : (
          <Badge variant="default" leftSection="○">
            Off
          </Badge>
        )
      }
    >
      {enabled && (
        <Text size="sm">
          Tokens that exist work on without a code. For new recovery codes, disable it and enable it again.
        </Text>
      )}
      <Group>
        {enabled ? (
          <Button variant="default" onClick={() => setOpened('disable')}>
            Disable
          </Button>
        ) : (
          <Button variant="default" onClick={() => setOpened('enable')}>
            Enable
          </Button>
        )}
      </Group>
      <EnableMfaModal opened={opened === 'enable'} onClose={close} />
      <Modal
        opened={opened === 'disable'}
        onClose={close}
        title="Disable multifactor authentication"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <DisableForm onDone={close} />
      </Modal>
    </Panel>
  );
}

function DisableForm({ onDone }: { onDone(): void }) {
  const form = useForm({
    initialValues: { current_password: '' },
    validate: { current_password: (value) => (value === '' ? 'Enter your current password' : null) },
  });
  const disable = useChange({
    run: (body: typeof form.values) => api.call('disableMfa', { body }),
    changes: ACCOUNT_READS,
    done: () => 'Multifactor authentication is off',
    onDone,
    showsError: true,
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => disable.mutate(values))}>
      <Stack>
        {disable.error !== null && <Problem error={disable.error} wrong={WRONG_PASSWORD} />}
        <Text size="sm">The password alone logs in then. The recovery codes are worth nothing any more.</Text>
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          data-autofocus
          {...form.getInputProps('current_password')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" color="red.9" loading={disable.isPending}>
            Disable
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
