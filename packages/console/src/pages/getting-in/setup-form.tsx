import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { emailProblem, newPasswordProblem } from '../../components/account-forms/field-rules.ts';
import { Problem } from '../../components/account-forms/problem.tsx';

export interface FirstOperator {
  readonly code: string;
  readonly username: string;
  readonly password: string;
}

export interface SetupFormProps {
  /** From the address that the server printed. */
  readonly code: string | undefined;
  readonly problem: Error | null;
  readonly isPending: boolean;
  onSubmit(operator: FirstOperator): void;
}

export function SetupForm({ code, problem, isPending, onSubmit }: SetupFormProps) {
  const form = useForm({
    initialValues: { code: code ?? '', username: '', password: '', again: '' },
    validate: {
      code: (value) => (value.trim() === '' ? 'Enter the code' : null),
      username: emailProblem,
      password: newPasswordProblem,
      again: (value, { password }) => (value === password ? null : 'The passwords are not the same'),
    },
  });
  const submit = form.onSubmit((values) =>
    onSubmit({ code: values.code.trim(), username: values.username.trim(), password: values.password }),
  );
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {problem !== null && <Problem error={problem} />}
        <TextInput
          label="Code"
          description="Stands in the address that the server printed when it started."
          autoComplete="off"
          spellCheck={false}
          autoFocus={code === undefined}
          classNames={{ input: 'mono' }}
          {...form.getInputProps('code')}
        />
        <TextInput
          label="E-mail"
          type="email"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={code !== undefined}
          {...form.getInputProps('username')}
        />
        <PasswordInput
          label="Password"
          description="8 characters or more."
          name="password"
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <PasswordInput
          label="The password again"
          name="again"
          autoComplete="new-password"
          {...form.getInputProps('again')}
        />
        <Button type="submit" loading={isPending} fullWidth mt={4}>
          Make the operator's account
        </Button>
      </Stack>
    </form>
  );
}
