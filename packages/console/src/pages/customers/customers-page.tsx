import { Button, Group, Pagination, Stack } from '@mantine/core';
import { IconDownload, IconUserPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { usePlace } from '../../data/use-place.ts';
import { Rows } from '../../ui/data-table.tsx';
import { downloadCsv } from '../../ui/download-csv.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { CreateCustomer } from './create-customer.tsx';
import { customerColumns } from './customer-columns.tsx';
import { NoCustomers } from './no-customers.tsx';

/** The end users of a product and their devices (PRD-16). */
export function CustomersPage() {
  const place = usePlace();
  return place.kind === 'product' ? <Customers product={place.product} /> : null;
}

const PER_PAGE = 100;

function Customers({ product }: { readonly product: string }) {
  const can = useCan({ kind: 'product', product });
  const { page = 1 } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [isCreating, setCreating] = useState(false);
  const query = useQuery({
    ...reading('listCustomers', { params: { productIdOrSlug: product }, query: { page, perPage: PER_PAGE } }),
    placeholderData: keepPreviousData,
  });
  const customers = query.data?.customers ?? [];
  const columns = customerColumns({
    product,
    devices: query.data?.devices ?? [],
    mayUpdate: can('customers:update'),
    mayRemove: can('customers:remove'),
  });
  const pages = query.data?.meta.total_pages ?? 1;
  return (
    <Page
      title="Customers"
      about="People who use devices of this product. They control their own devices, and cannot log in here."
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            disabled={customers.length === 0}
            onClick={() => downloadCsv(`customers-${product}`, columns, customers)}
          >
            CSV
          </Button>
          {can('customers:create') && (
            <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setCreating(true)}>
              New customer
            </Button>
          )}
        </>
      }
    >
      <Loaded query={query}>
        {(data) =>
          data.customers.length === 0 ? (
            <NoCustomers product={product} />
          ) : (
            <Stack>
              <Rows label="Customers" rows={data.customers} keyOf={({ id }) => id} columns={columns} />
              {pages > 1 && (
                <Group justify="center">
                  <Pagination
                    total={pages}
                    value={page}
                    onChange={(next) => navigate({ to: '.', search: next === 1 ? {} : { page: next } })}
                    getControlProps={(control) => ({ 'aria-label': `${control} page` })}
                  />
                </Group>
              )}
            </Stack>
          )
        }
      </Loaded>
      <CreateCustomer product={product} opened={isCreating} onClose={() => setCreating(false)} />
    </Page>
  );
}
