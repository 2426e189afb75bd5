import { Alert, Button, Group, Modal, Radio, Select, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../../data/api.ts';
import { reading } from '../../../data/query.ts';
import { useChange } from '../../../data/use-change.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { CHANGES, type IntegrationDetails } from '../integration-operations.ts';
import { keepSigningSecret } from '../signing-secret.tsx';

interface CopyDialogProps {
  readonly integration: IntegrationDetails;
  readonly opened: boolean;
  onClose(): void;
}

/** Copies or moves an integration of the sandbox into a product (PRD-27). */
export function CopyDialog(props: CopyDialogProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title="Copy or move into a product"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.opened && <Questions {...props} />}
    </Modal>
  );
}

interface Values {
  readonly product: string;
  readonly way: 'move' | 'copy';
}

function Questions({ integration, onClose }: CopyDialogProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const products = useQuery(reading('listProducts'));
  const form = useForm<Values>({
    initialValues: { product: '', way: 'move' },
    validate: { product: (product) => (product === '' ? 'Choose a product' : null) },
  });
  const copy = useChange({
    run: ({ product, way }: Values) =>
      api.call('copyIntegration', {
        params: { productIdOrSlug: product },
        body: { id: integration.id, move: way === 'move' },
      }),
    changes: [],
    showsError: true,
    done: ({ way }) => `${integration.name} is ${way === 'move' ? 'moved' : 'copied'}`,
    onDone: async ({ id, signing_secret: secret }, { product }) => {
      if (secret !== undefined) keepSigningSecret(queries, id, secret);
      onClose();
      await navigate({ to: '/products/$product/integrations/$integrationId', params: { product, integrationId: id } });
      // Not before: the page of one that has moved would say that it is gone.
      await Promise.all(CHANGES.map((name) => queries.invalidateQueries({ queryKey: [name] })));
    },
  });
  const { way } = form.values;
  const list = (products.data?.products ?? []).map(({ id, slug, name }) => ({ value: slug, label: `${name} (${id})` }));
  if (integration.deviceID !== undefined) {
    return (
      <Stack>
        <Text size="sm">
          This integration is for one device, but those of a product are for all of its devices. Take the device out of
          its settings first.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={form.onSubmit((values) => copy.mutate(values))}>
      <Stack>
        <Select
          label="Product"
          placeholder={products.isSuccess && list.length === 0 ? 'There is no product' : 'Choose a product'}
          data={list}
          searchable
          data-autofocus
          {...form.getInputProps('product')}
        />
        <Radio.Group label="What becomes of the one here" {...form.getInputProps('way')}>
          <Stack gap="xs" mt="xs">
            <Radio
              value="move"
              label="Move"
              description="It is copied into the product, then the one here is deleted, with its history and what it is still owed"
            />
            <Radio value="copy" label="Copy" description="It stays here as well" />
          </Stack>
        </Radio.Group>
        {way === 'copy' && !integration.disabled && (
          <Alert color="yellow" variant="outline">
            Both fire for the devices of the product that are claimed to you.
          </Alert>
        )}
        <Text size="sm" c="dimmed">
          Secrets go along; the copy gets a signing secret of its own, which is shown next.
        </Text>
        {copy.isError && <ErrorState error={copy.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={copy.isPending}>
            {way === 'move' ? 'Move it' : 'Copy it'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
