import { Button, Group, Modal, PasswordInput, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { passwordProblem } from './password-problem.ts';

export interface CreateCustomerProps {
  readonly product: string;
  readonly opened: boolean;
  onClose(): void;
}

/** Makes a customer, with a password or as a shadow of an account that the product's own server keeps (PRD-17, PRD-18). */
export function CreateCustomer(props: CreateCustomerProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title="New customer"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.opened && <CustomerForm {...props} />}
    </Modal>
  );
}

function CustomerForm({ product, onClose }: CreateCustomerProps) {
  const form = useForm({
    initialValues: { kind: 'simple', email: '', password: '' },
    validate: {
      email: (text) => (text.trim() === '' ? 'An e-mail address, or another unique text' : null),
      password: (text, { kind }) => (kind === 'shadow' ? null : passwordProblem(text)),
    },
  });
  const isShadow = form.values.kind === 'shadow';
  const create = useChange({
    run: ({ email, password }: typeof form.values) =>
      api.call('createCustomer', {
        params: { productIdOrSlug: product },
        body: { email: email.trim(), ...(isShadow ? { no_password: true } : { password }) },
      }),
    changes: ['listCustomers'],
    done: ({ email }) => `${email.trim()} is a customer now`,
    onDone: onClose,
    showsError: true,
  });
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
      <Stack>
        <Radio.Group label="Kind" {...form.getInputProps('kind')}>
          <Stack gap="xs" mt={6}>
            <Radio
              value="simple"
              label="With a password"
              description="The customer logs in to this cloud from your app."
            />
            <Radio
              value="shadow"
              label="Shadow customer"
              description="Your server keeps the account and asks for tokens; there is no password here."
            />
          </Stack>
        </Radio.Group>
        <TextInput
          label="Username"
          description={isShadow ? 'What your server calls them: unique in this product.' : 'An e-mail address.'}
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('email')}
        />
        {!isShadow && (
          <PasswordInput
            label="Password"
            description="8 characters or more."
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
        )}
        {create.isError && <ErrorState error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Make the customer
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
