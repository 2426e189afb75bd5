import type { Output } from '@cloudchamber/contract';
import { Badge, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconBuilding, IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '../../../ui/link.tsx';
import { figures } from '../figures.ts';
import classes from './product-card.module.css';

export type Product = Output<'listOwnProducts'>['products'][number];

export interface ProductCardProps {
  readonly product: Product;
  /** What its hardware is called. */
  readonly type: string;
  /** Whether to say which organization owns it: where products of several owners are together. */
  readonly showsOwner: boolean;
}

/** A product in the list: what it is, and how many of its devices are online. */
export function ProductCard({ product, type, showsOwner }: ProductCardProps) {
  const { id, slug, name, description, org } = product;
  return (
    <Card withBorder padding="md" component="article" aria-label={name} className={classes.card ?? ''}>
      <Stack gap="xs" h="100%">
        <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
          <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
            <Link
              to="/products/$product"
              params={{ product: slug }}
              c="inherit"
              fw={650}
              className={classes.link ?? ''}
            >
              {name}
            </Link>
          </Title>
          <Badge variant="default" tt="none" style={{ flexShrink: 0 }}>
            {type}
          </Badge>
        </Group>
        {showsOwner && org !== null && (
          <Group gap={4} c="dimmed" wrap="nowrap">
            <IconBuilding size={14} aria-hidden />
            <Text size="sm">of the organization {org}</Text>
          </Group>
        )}
        <Text size="sm" c="dimmed" lineClamp={2}>
          {description === '' ? 'No description' : description}
        </Text>
        <Group justify="space-between" mt="auto" gap="xs" wrap="nowrap">
          <DeviceCount product={slug} />
          <Group gap={4} c="dimmed" wrap="nowrap">
            <IconKey size={14} role="img" aria-label="Product ID" />
            <Text size="sm" span>
              {id}
            </Text>
          </Group>
        </Group>
      </Stack>
    </Card>
  );
}

function DeviceCount({ product }: { readonly product: string }) {
  const fleet = useQuery({ ...figures('getFleet', { params: { productIdOrSlug: product } }), staleTime: 30_000 });
  if (fleet.isError) {
    return (
      <Text size="sm" c="dimmed">
        Devices could not be counted
      </Text>
    );
  }
  if (fleet.data === undefined) return <Skeleton height={18} width={130} aria-label="Counting devices" role="status" />;
  const { online, total, quarantined } = fleet.data.devices;
  return (
    <Group gap="xs">
      <Text size="sm">{total === 0 ? 'No devices yet' : `${online} of ${total} online`}</Text>
      {quarantined > 0 && (
        <Badge variant="light" color="yellow" tt="none">
          {quarantined} in quarantine
        </Badge>
      )}
    </Group>
  );
}
