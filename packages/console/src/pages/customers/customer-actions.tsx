import { Button, Group, Modal, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { passwordProblem } from './password-problem.ts';

export interface CustomerActionsProps {
  readonly product: string;
  readonly username: string;
  readonly mayUpdate: boolean;
  readonly mayRemove: boolean;
}

/** A new password for a customer, or the end of the account. */
export function CustomerActions({ product, username, mayUpdate, mayRemove }: CustomerActionsProps) {
  const [asking, setAsking] = useState<'password' | 'delete'>();
  const close = () => setAsking(undefined);
  const params = { productIdOrSlug: product, email: username };
  const remove = useChange({
    run: () => api.call('deleteCustomer', { params }),
    changes: ['listCustomers'],
    done: () => `${username} was deleted`,
    onDone: close,
  });
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {mayUpdate && (
        <Button size="compact-sm" variant="default" onClick={() => setAsking('password')}>
          Set a password
        </Button>
      )}
      {mayRemove && (
        <Button size="compact-sm" variant="default" onClick={() => setAsking('delete')}>
          Delete
        </Button>
      )}
      <Modal
        opened={asking === 'password'}
        onClose={close}
        title={`A new password for ${username}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {asking === 'password' && <NewPassword params={params} onClose={close} />}
      </Modal>
      <Confirm
        opened={asking === 'delete'}
        onClose={close}
        onConfirm={() => remove.mutate()}
        loading={remove.isPending}
        title={`Delete ${username}?`}
        action="Delete the customer"
        typed={username}
      >
        Their tokens and claim codes stop working at once. Their devices stay in the product and belong to nobody. This
        cannot be undone.
      </Confirm>
    </Group>
  );
}

interface NewPasswordProps {
  readonly params: { readonly productIdOrSlug: string; readonly email: string };
  onClose(): void;
}

function NewPassword({ params, onClose }: NewPasswordProps) {
  const form = useForm({ initialValues: { password: '' }, validate: { password: passwordProblem } });
  const save = useChange({
    run: ({ password }: typeof form.values) => api.call('updateCustomer', { params, body: { password } }),
    changes: [],
    done: () => `${params.email} has a new password, and is logged out everywhere`,
    onDone: onClose,
    showsError: true,
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <PasswordInput
          label="New password"
          description="8 characters or more. The customer is logged out everywhere."
          autoComplete="new-password"
          data-autofocus
          {...form.getInputProps('password')}
        />
        {save.isError && <ErrorState error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Set the password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
