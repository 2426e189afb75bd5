import { Button, Checkbox, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { newPasswordProblem } from '../../components/account-forms/field-rules.ts';
import { Problem } from '../../components/account-forms/problem.tsx';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { Panel } from '../../ui/panel.tsx';
import { type AccountProps, WRONG_PASSWORD } from './account.ts';

export function PasswordPanel({ account }: AccountProps) {
  const form = useForm({
    initialValues: { current_password: '', password: '', invalidate_tokens: true },
    validate: {
      current_password: (value) => (value === '' ? 'Enter your current password' : null),
      password: newPasswordProblem,
    },
  });
  const change = useChange({
    run: (body: typeof form.values) => api.call('updateUser', { body }),
    changes: ['listTokens'],
    done: ({ invalidate_tokens: all }) =>
      all ? 'The password was changed; all other log-ins have ended' : 'The password was changed',
    onDone: form.reset,
    showsError: true,
  });
  return (
    <Panel title="Password">
      <form noValidate onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack gap="sm">
          {change.error !== null && <Problem error={change.error} wrong={WRONG_PASSWORD} />}
          {/* Password managers learn from this whose password it is. */}
          <input type="text" name="username" autoComplete="username" value={account.username} readOnly hidden />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            {...form.getInputProps('current_password')}
          />
          <PasswordInput
            label="New password"
            description="8 characters or more."
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <Checkbox
            label="Log out everywhere else"
            description="Ends other browsers, apps and scripts: every token of this account but this browser's."
            {...form.getInputProps('invalidate_tokens', { type: 'checkbox' })}
          />
          <Group>
            <Button type="submit" loading={change.isPending} variant="default">
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
