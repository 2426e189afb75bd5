import type { ConsoleCloud } from '@cloudchamber/contract';
import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { emailProblem } from '../../components/account-forms/field-rules.ts';
import { Problem } from '../../components/account-forms/problem.tsx';
import { Link } from '../../ui/link.tsx';

export interface PasswordFormProps {
  readonly cloud: ConsoleCloud;
  readonly problem: Error | null;
  readonly isPending: boolean;
  onSubmit(credentials: { readonly username: string; readonly password: string }): void;
}

/** The first step of a log-in. */
export function PasswordForm({ cloud, problem, isPending, onSubmit }: PasswordFormProps) {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { username: '', password: '' },
    validate: {
      username: emailProblem,
      password: (value) => (value === '' ? 'Enter your password' : null),
    },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ username, password }) => onSubmit({ username: username.trim(), password }))}
    >
      <Stack>
        {cloud.firstRun && (
          <Alert variant="light">
            <Text size="sm">
              This cloud has no operator yet. Open the address with <span className="mono">/setup</span> that the server
              printed when it started, or{' '}
              <Link to="/setup" inherit underline="always">
                enter its code
              </Link>
              .
            </Text>
          </Alert>
        )}
        {problem !== null && <Problem error={problem} wrong={WRONG} />}
        <TextInput
          key={form.key('username')}
          label="E-mail"
          type="email"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          {...form.getInputProps('username')}
        />
        <PasswordInput
          key={form.key('password')}
          label="Password"
          name="password"
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={isPending} fullWidth mt={4}>
          Log in
        </Button>
        <Group justify="center">
          <Link to="/forgot-password" size="sm">
            Forgot password?
          </Link>
        </Group>
      </Stack>
    </form>
  );
}

const WRONG = 'The e-mail address or the password is wrong.';
