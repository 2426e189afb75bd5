import { Alert, Button, Group, List, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { emailProblem } from '../../components/account-forms/field-rules.ts';
import { Problem } from '../../components/account-forms/problem.tsx';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { Panel } from '../../ui/panel.tsx';
import { ACCOUNT_READS, type AccountProps, WRONG_PASSWORD } from './account.ts';

/** Changes the address that the account goes by (OWN-03, OWN-04). */
export function EmailPanel({ account }: AccountProps) {
  const form = useForm({
    initialValues: { username: '', current_password: '' },
    validate: {
      username: (value) =>
        emailProblem(value) ?? (value.trim().toLowerCase() === account.username ? 'This is your address now' : null),
      current_password: (value) => (value === '' ? 'Enter your current password' : null),
    },
  });
  const change = useChange({
    run: (body: typeof form.values) => api.call('updateUser', { body }),
    changes: ACCOUNT_READS,
    done: ({ username }) => `Your address is ${username} now`,
    onDone: form.reset,
    showsError: true,
  });
  return (
    <Panel
      title="E-mail address"
      about={
        <>
          You log in as <strong style={{ overflowWrap: 'anywhere' }}>{account.username}</strong>.
        </>
      }
    >
      <Text size="sm">A new address counts at once:</Text>
      <List size="sm" spacing={2}>
        <List.Item>Products, claimed devices, integrations and firmware stay with the account.</List.Item>
        <List.Item>Tokens go on working, devices stay online, and the password is the same.</List.Item>
        <List.Item>
          The new address gets a mail to confirm it. Whoever reads its mails can reset the password of this account.
        </List.Item>
      </List>
      {account.mfa.enabled ? (
        <Alert variant="light">Disable multifactor authentication first. You can enable it again afterwards.</Alert>
      ) : (
        <form
          noValidate
          onSubmit={form.onSubmit((values) => change.mutate({ ...values, username: values.username.trim() }))}
        >
          <Stack gap="sm">
            {change.error !== null && <Problem error={change.error} wrong={WRONG_PASSWORD} />}
            <TextInput
              label="New e-mail address"
              type="email"
              autoComplete="email"
              autoCapitalize="none"
              spellCheck={false}
              {...form.getInputProps('username')}
            />
            <PasswordInput
              label="Current password"
              autoComplete="current-password"
              {...form.getInputProps('current_password')}
            />
            <Group>
              <Button type="submit" loading={change.isPending} variant="default">
                Change the address
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Panel>
  );
}
