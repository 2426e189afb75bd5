import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { api } from '../../../data/api.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { emailProblem } from './field-checks.ts';

/** Gives a product to an account. */
export function TransferProduct() {
  const [isAsking, setIsAsking] = useState(false);
  const form = useForm({
    initialValues: { product: '', owner: '' },
    validate: { product: (text) => (text.trim() === '' ? 'ID or slug of the product' : null), owner: emailProblem },
  });
  const product = form.values.product.trim();
  const owner = form.values.owner.trim();
  const transfer = useChange({
    run: () => api.call('transferProductToUser', { params: { productId: product }, body: { owner } }),
    changes: ['listProducts', 'getProduct'],
    done: (_none, { product: one }) => `${one.name} belongs to ${owner} now`,
    onDone: () => form.reset(),
    showsError: true,
  });
  return (
    <Panel title="Transfer a product" about="Its devices, customers, team and tokens stay. Nothing disconnects.">
      <form onSubmit={form.onSubmit(() => setIsAsking(true))} noValidate>
        <Stack gap="sm">
          <TextInput label="Product" description="ID or slug" required {...form.getInputProps('product')} />
          <TextInput
            label="New owner"
            description="E-mail of an account"
            type="email"
            required
            {...form.getInputProps('owner')}
          />
          {transfer.isError && <ErrorState error={transfer.error} />}
          <Group justify="flex-end">
            <Button type="submit" variant="default" loading={transfer.isPending}>
              Transfer
            </Button>
          </Group>
        </Stack>
      </form>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false);
          transfer.mutate();
        }}
        title="Transfer this product?"
        action="Transfer the product"
        typed={product}
      >
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          Product {product} belongs to {owner} from then on. Only they can give it back.
        </Text>
      </Confirm>
    </Panel>
  );
}
