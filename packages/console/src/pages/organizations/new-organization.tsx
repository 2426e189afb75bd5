import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { messageOf } from '../../ui/toasts.tsx';
import { organizationNameProblem } from './organization-name.ts';

/** The dialog that makes an organization; whoever makes it owns it. */
export function NewOrganization({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const form = useForm({ initialValues: { name: '' }, validate: { name: organizationNameProblem } });
  const create = useChange({
    run: ({ name }: typeof form.values) => api.call('createOrganization', { body: { name: name.trim() } }),
    changes: ['listOrganizations'],
    done: ({ name }) => `${name.trim()} is there`,
    onDone: ({ organization }) => {
      onClose();
      void navigate({ to: '/orgs/$organization/products', params: { organization: organization.slug } });
    },
    showsError: true,
  });
  return (
    <Modal opened onClose={onClose} title="New organization" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label="Name"
            description="An organization owns products. Roles in its team hold in all of them; you own it."
            required
            maxLength={100}
            data-autofocus
            autoComplete="organization"
            {...form.getInputProps('name')}
            error={form.errors.name ?? (create.isError ? messageOf(create.error) : undefined)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create organization
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
