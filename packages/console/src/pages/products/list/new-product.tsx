import { Alert, Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { usePlatforms } from '../../../components/device-type/use-platforms.ts';
import { api } from '../../../data/api.ts';
import type { Place } from '../../../data/place.ts';
import { useChange } from '../../../data/use-change.ts';
import { messageOf } from '../../../ui/toasts.tsx';
import { nameProblem, refusedField } from './product-form.ts';
import { typeOptions } from './type-options.ts';

export interface NewProductProps {
  readonly opened: boolean;
  onClose(): void;
  /** An organization, or the sandbox for a product of one's own. */
  readonly place: Place;
}

/** The dialog behind New Product (PRD-01 to PRD-04): name, description, type. */
export function NewProduct({ opened, onClose, place }: NewProductProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="New Product" closeButtonProps={{ 'aria-label': 'Close' }}>
      {opened && <NewProductForm onClose={onClose} place={place} />}
    </Modal>
  );
}

function NewProductForm({ onClose, place }: Omit<NewProductProps, 'opened'>) {
  const platforms = usePlatforms();
  const navigate = useNavigate();
  const form = useForm<{ name: string; description: string; type: string | null }>({
    initialValues: { name: '', description: '', type: null },
    validate: { name: nameProblem, type: (type) => (type === null ? 'Choose what the devices are' : null) },
  });
  const create = useChange({
    run: ({ name, description, type }: typeof form.values) => {
      const body = { product: { name: name.trim(), description: description.trim(), platform_id: Number(type) } };
      return place.kind === 'organization'
        ? api.call('createOrganizationProduct', { params: { orgIdOrSlug: place.organization }, body })
        : api.call('createProduct', { body });
    },
    changes: ['listOwnProducts', 'listOrganizationProducts', 'listProducts'],
    done: ({ name }) => `${name.trim()} is there`,
    onDone: ({ product }) => navigate({ to: '/products/$product', params: { product: product.slug } }),
    showsError: true,
  });
  const refused = create.isError ? refusedField(create.error) : undefined;
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
      <Stack>
        <TextInput
          label="Name"
          description="Unique over the whole cloud. It can be changed later."
          required
          maxLength={100}
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('name')}
          error={form.errors.name ?? (refused === 'name' && create.isError ? messageOf(create.error) : undefined)}
        />
        <Textarea
          label="Description"
          autosize
          minRows={2}
          maxRows={6}
          maxLength={1000}
          {...form.getInputProps('description')}
        />
        <Select
          label="Type"
          description="The one kind of hardware that its devices are. It cannot be changed later."
          placeholder={platforms === undefined ? 'Reading the types…' : 'Choose the hardware'}
          required
          searchable
          nothingFoundMessage="No such type"
          data={typeOptions(platforms)}
          {...form.getInputProps('type')}
        />
        {create.isError && refused === undefined && (
          <Alert color="red" variant="outline" icon={<IconAlertTriangle aria-hidden />} role="alert">
            {messageOf(create.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create product
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
