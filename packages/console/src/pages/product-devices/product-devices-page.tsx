import type { Output } from '@cloudchamber/contract';
import { Badge, Button, Tabs } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { Page } from '../../ui/page.tsx';
import { messageOf } from '../../ui/toasts.tsx';
import { DevicesTab } from './devices-tab.tsx';
import { ImportDialog } from './import/import-dialog.tsx';
import { type ProductDevicesSearch, productDevicesSearch } from './product-devices-search.ts';
import { QuarantineTab } from './quarantine/quarantine-tab.tsx';

export type Fleet = Output<'getFleet'>;

type Changes = { readonly [Key in keyof ProductDevicesSearch]?: unknown };
/** Changes what the address says; keys that are undefined are taken away. */
export type SearchSetter = (changes: Changes) => void;

const route = getRouteApi('/inside/products/$product/devices');

/** The devices of a product, those in its quarantine, and the import of more (PRD-11 to 15, PRD-25, LST-03). */
export function ProductDevicesPage() {
  const { product } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const can = useCan({ kind: 'product', product });
  const figures = useQuery(reading('getFleet', { params: { productIdOrSlug: product } }));
  const fleet = figures.data;
  const setSearch: SearchSetter = (changes) =>
    navigate({ search: (before) => productDevicesSearch({ ...before, ...changes }), replace: true });
  const waiting = fleet?.devices.quarantined ?? 0;
  return (
    <Page
      title="Devices"
      about={
        figures.isError ? `How many there are is not known: ${messageOf(figures.error)}` : fleet && aboutFleet(fleet)
      }
      actions={
        can('devices:import') && (
          <Button leftSection={<IconFileImport size={18} aria-hidden />} onClick={() => setSearch({ import: true })}>
            Import
          </Button>
        )
      }
    >
      <Tabs
        value={search.tab ?? 'devices'}
        onChange={(tab) => navigate({ search: productDevicesSearch({ tab }) })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="devices">Devices</Tabs.Tab>
          <Tabs.Tab
            value="quarantine"
            rightSection={
              waiting > 0 && (
                <Badge size="sm" variant="filled">
                  {waiting.toLocaleString('en')}
                </Badge>
              )
            }
          >
            Quarantine
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="devices" style={PANEL}>
          <DevicesTab product={product} search={search} setSearch={setSearch} fleet={fleet} />
        </Tabs.Panel>
        <Tabs.Panel value="quarantine">
          <QuarantineTab product={product} search={search} setSearch={setSearch} />
        </Tabs.Panel>
      </Tabs>
      <ImportDialog
        product={product}
        opened={search.import === true}
        onClose={() => setSearch({ import: undefined })}
      />
    </Page>
  );
}

const PANEL = { display: 'flex', flexDirection: 'column', gap: 'var(--mantine-spacing-md)' } as const;

function aboutFleet({ devices }: Fleet): string {
  const count = (value: number) => value.toLocaleString('en');
  const marked = devices.development === 0 ? '' : `, ${count(devices.development)} for development`;
  return `${count(devices.total)} ${devices.total === 1 ? 'device' : 'devices'}, ${count(devices.online)} online${marked}`;
}
