import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { reading } from '../../data/query.ts';
import { useSession } from '../../data/session.ts';
import { Command } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Link } from '../../ui/link.tsx';

/** Stands where there are no customers: the three ways in which a product has some (PRD-17 to PRD-19), with the calls that make them. */
export function NoCustomers({ product }: { readonly product: string }) {
  const { publicUrl } = useSession().cloud;
  const read = useQuery({ ...reading('getProduct', { params: { productIdOrSlug: product } }), staleTime: 60_000 });
  const id = read.data?.product.id ?? product;
  const url = `${publicUrl}/v1/products/${id}/customers`;
  return (
    <Stack>
      <EmptyState title="No customers yet">
        <Text c="dimmed" ta="center">
          Many products need none: all devices are claimed to one account, or stay unclaimed. If people are to control
          their own devices, they become customers in one of three ways. Each takes an OAuth client of this product:{' '}
          <Link to="/products/$product/authentication" params={{ product }} underline="always">
            Authentication
          </Link>
          .
        </Text>
      </EmptyState>
      <SimpleGrid cols={{ base: 1, lg: 3 }}>
        <Way title="Simple authentication">
          <Text size="sm">
            Your app signs people up at this cloud. The fragment that it is sent back with has the token.
          </Text>
          <Command>{`curl -i ${url} -d client_id=CLIENT_ID -d response_type=token -d email=carla@example.net -d 'password=her own password'`}</Command>
        </Way>
        <Way title="Two-legged authentication">
          <Text size="sm">
            Your server has accounts of its own. It makes a shadow customer for each, and asks for tokens.
          </Text>
          <Command>{`curl ${url} -u CLIENT_ID:CLIENT_SECRET -d email=their-id-at-your-server -d no_password=true`}</Command>
        </Way>
        <Way title="Login with Cloud Chamber">
          <Text size="sm">
            People have accounts at both, and link them: your site sends them to this cloud, which asks them.
          </Text>
          <Command>{`${publicUrl}/oauth/authorize?response_type=code&client_id=CLIENT_ID&redirect_uri=https%3A%2F%2Fyour.example%2Fback`}</Command>
        </Way>
      </SimpleGrid>
    </Stack>
  );
}

function Way({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack gap="xs" align="flex-start">
      <Title order={3} size="h5">
        {title}
      </Title>
      {children}
    </Stack>
  );
}
