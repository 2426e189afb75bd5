import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Place } from '../../data/place.ts';
import { reading } from '../../data/query.ts';
import { Rows } from '../../ui/data-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { monthTotals } from './month-totals.ts';

const QUERY = { by: 'month', group: 'kind', per_page: 1000 } as const;

/** What devices of a product, an organization or an account did this month, in data operations; says so where that is nothing. */
export function DataOperations({ place }: { readonly place: Place }) {
  const { product, organization } = { product: '', organization: '', ...place };
  const own = useQuery({ ...reading('listDataOperations', { query: QUERY }), enabled: place.kind === 'sandbox' });
  const ofProduct = useQuery({
    ...reading('listProductDataOperations', { params: { productIdOrSlug: product }, query: QUERY }),
    enabled: place.kind === 'product',
  });
  const ofOrganization = useQuery({
    ...reading('listOrganizationDataOperations', { params: { orgIdOrSlug: organization }, query: QUERY }),
    enabled: place.kind === 'organization',
  });
  const query = { sandbox: own, product: ofProduct, organization: ofOrganization }[place.kind];
  return (
    <Panel
      title="Data operations this month"
      about="Since the begin of the month in UTC. Each counts as one, whatever its size."
    >
      <Loaded query={query}>
        {({ operations }) => {
          const { total, kinds } = monthTotals(operations);
          if (total === 0) return <Text size="sm">None yet.</Text>;
          return (
            <>
              <Text fw={650} fz={28} lh={1.2}>
                {total.toLocaleString('en')}
              </Text>
              <Rows
                label="Data operations by kind"
                rows={kinds}
                keyOf={({ kind }) => kind}
                columns={[
                  { title: 'Kind', cell: ({ words }) => words },
                  { title: 'Count', cell: ({ count }) => count.toLocaleString('en'), align: 'right' },
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
