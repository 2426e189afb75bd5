import { Group, Text, Tooltip } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { reading } from '../data/query.ts';
import { usePlace } from '../data/use-place.ts';
import { Link } from '../ui/link.tsx';

/** In a product: its name, and its id beside a key (PRD-05). */
export function PlaceTitle() {
  const place = usePlace();
  const product = useQuery({
    ...reading('getProduct', { params: { productIdOrSlug: place.kind === 'product' ? place.product : '' } }),
    enabled: place.kind === 'product',
    staleTime: 60_000,
  });
  if (place.kind !== 'product' || product.data === undefined) return null;
  const { id, name } = product.data.product;
  return (
    <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
      <Link to="/products/$product" params={{ product: place.product }} truncate fw={600} c="inherit" visibleFrom="xs">
        {name}
      </Link>
      <Tooltip label="Product ID: firmware is compiled with it">
        <Group gap={4} wrap="nowrap" c="dimmed">
          <IconKey size={16} aria-label="Product ID" role="img" />
          <Text size="sm" span>
            {id}
          </Text>
        </Group>
      </Tooltip>
    </Group>
  );
}
