import type { Output } from '@cloudchamber/contract';
import { Button, CloseButton, Group, SimpleGrid, Text, TextInput } from '@mantine/core';
import { IconDownload, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { typeName } from '../../components/device-type/type-name.ts';
import { usePlatforms } from '../../components/device-type/use-platforms.ts';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { usePlace } from '../../data/use-place.ts';
import type { Column } from '../../ui/data-table.tsx';
import { downloadCsv } from '../../ui/download-csv.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { matchProducts } from './list/match-products.ts';
import { NewProduct } from './list/new-product.tsx';
import { NoProducts } from './list/no-products.tsx';
import { type Product, ProductCard } from './list/product-card.tsx';
import { productsSearch } from './products-search.ts';

/** Products that a person owns or is in the team of (LST-02), or those of an organization (ORG-03). */
export function ProductsPage() {
  const place = usePlace();
  const can = useCan(place);
  const navigate = useNavigate();
  const { new: adding = false } = productsSearch(useSearch({ strict: false }));
  const slug = place.kind === 'organization' ? place.organization : undefined;
  const organization = useQuery({
    ...reading('getOrganization', { params: { orgIdOrSlug: slug ?? '' } }),
    enabled: slug !== undefined,
    staleTime: 60_000,
  });
  const own = useQuery({ ...reading('listOwnProducts'), enabled: slug === undefined });
  const theirs = useQuery({
    ...reading('listOrganizationProducts', { params: { orgIdOrSlug: slug ?? '' } }),
    enabled: slug !== undefined,
  });
  const setAdding = (on: boolean) =>
    navigate({ to: '.', search: ({ new: _old, ...rest }) => (on ? { ...rest, new: true } : rest), replace: true });
  const onNew = can('products:create') ? () => setAdding(true) : undefined;
  const name = organization.data?.organization.name ?? slug;
  return (
    <Page
      title="Products"
      about={slug === undefined ? 'Those that you own, or whose team you are in.' : `Those of ${name}.`}
      actions={
        onNew && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={onNew}>
            New Product
          </Button>
        )
      }
    >
      <Loaded query={slug === undefined ? own : theirs}>
        {({ products }: Output<'listOwnProducts'>) =>
          products.length === 0 ? (
            <NoProducts onNew={onNew} organization={name} />
          ) : (
            <ProductList products={products} showsOwner={slug === undefined} />
          )
        }
      </Loaded>
      <NewProduct opened={adding && onNew !== undefined} onClose={() => setAdding(false)} place={place} />
    </Page>
  );
}

function ProductList({
  products,
  showsOwner,
}: {
  readonly products: readonly Product[];
  readonly showsOwner: boolean;
}) {
  const platforms = usePlatforms();
  const navigate = useNavigate();
  const { q = '' } = productsSearch(useSearch({ strict: false }));
  const setText = (text: string) =>
    navigate({ to: '.', search: ({ q: _old, ...rest }) => (text === '' ? rest : { ...rest, q: text }), replace: true });
  const shown = matchProducts(products, q);
  const columns: readonly Column<Product>[] = [
    { title: 'Name', cell: ({ name }) => name, text: ({ name }) => name },
    { title: 'Product ID', cell: ({ id }) => id, text: ({ id }) => String(id) },
    { title: 'Slug', cell: ({ slug }) => slug, text: ({ slug }) => slug },
    { title: 'Type', cell: () => null, text: ({ platform_id }) => typeName(platforms, platform_id) },
    { title: 'Description', cell: () => null, text: ({ description }) => description },
    { title: 'Organization', cell: () => null, text: ({ org }) => org ?? '' },
  ];
  return (
    <>
      <Group gap="xs">
        <TextInput
          aria-label="Search products"
          placeholder="Name, id or description"
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={q !== '' && <CloseButton size="sm" aria-label="Clear the search" onClick={() => setText('')} />}
          value={q}
          onChange={(event) => setText(event.currentTarget.value)}
          style={{ flex: '1 1 220px', maxWidth: 360 }}
        />
        <Text size="sm" c="dimmed" aria-live="polite">
          {shown.length === products.length ? `${products.length} in all` : `${shown.length} of ${products.length}`}
        </Text>
        <Button
          variant="default"
          ml="auto"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => downloadCsv('products', columns, shown)}
        >
          CSV
        </Button>
      </Group>
      {shown.length === 0 && <Text c="dimmed">No product has “{q}” in its name, id or description.</Text>}
      <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md">
        {shown.map((product) => (
          <ProductCard
            key={product.id}
            product={product}
            type={typeName(platforms, product.platform_id)}
            showsOwner={showsOwner}
          />
        ))}
      </SimpleGrid>
    </>
  );
}
