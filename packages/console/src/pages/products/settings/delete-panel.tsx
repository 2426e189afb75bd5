import { Button, Group, List, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../../data/api.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Panel } from '../../../ui/panel.tsx';
import type { Product } from './general-form.tsx';

/** Ends a product for good (PRD-30). */
export function DeletePanel({ product }: { readonly product: Product }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const remove = useChange({
    run: () => api.call('removeProduct', { params: { productIdOrSlug: String(product.id) } }),
    changes: ['listOwnProducts', 'listOrganizationProducts', 'listProducts', 'listDevices'],
    done: () => `${product.name} is deleted`,
    onDone: async () => {
      if (product.org === null) await navigate({ to: '/products' });
      else await navigate({ to: '/orgs/$organization/products', params: { organization: product.org } });
      queries.removeQueries({ queryKey: ['getProduct'] });
    },
  });
  return (
    <Panel title="Delete the product" about="This cannot be undone.">
      <Group>
        <Button
          color="red"
          variant="outline"
          leftSection={<IconTrash size={18} aria-hidden />}
          onClick={() => setIsAsking(true)}
        >
          Delete {product.name}
        </Button>
      </Group>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => remove.mutate()}
        title={`Delete ${product.name}?`}
        action="Delete the product"
        typed={product.name}
        loading={remove.isPending}
      >
        <Stack gap="xs">
          <List size="sm" spacing={4}>
            <List.Item>Its devices leave it and stay claimed to the accounts that have them.</List.Item>
            <List.Item>Devices of customers belong to nobody afterwards.</List.Item>
            <List.Item>
              Team, API users, customers, OAuth clients, their tokens, firmware, groups and integrations end at once.
            </List.Item>
          </List>
          <Text size="sm">The name is free again. The id {product.id} is never given out again.</Text>
        </Stack>
      </Confirm>
    </Panel>
  );
}
