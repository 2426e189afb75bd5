import { SegmentedControl, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { typeName } from '../../components/device-type/type-name.ts';
import { usePlatforms } from '../../components/device-type/use-platforms.ts';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { usePlace } from '../../data/use-place.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { figures } from './figures.ts';
import { AccessPanel } from './overview/access-panel.tsx';
import { Attention } from './overview/attention.tsx';
import { CustomersPanel } from './overview/customers-panel.tsx';
import { FirstSteps } from './overview/first-steps.tsx';
import { HealthPanels } from './overview/health-panels.tsx';
import { OnlinePanel } from './overview/online-panel.tsx';
import { RolloutsPanel } from './overview/rollouts-panel.tsx';
import { useFleetEvents } from './overview/use-fleet-events.ts';
import { VersionsPanel } from './overview/versions-panel.tsx';
import { overviewSearch, type Range } from './overview-search.ts';

/** The fleet at a glance: what is online, what runs on it, who uses it, who has access (PRD-24). */
export function OverviewPage() {
  const place = usePlace();
  const product = place.kind === 'product' ? place.product : '';
  const can = useCan(place);
  const platforms = usePlatforms();
  const navigate = useNavigate();
  const { range = '24h' } = overviewSearch(useSearch({ strict: false }));
  const params = { productIdOrSlug: product };
  const one = useQuery({ ...reading('getProduct', { params }), staleTime: 60_000 });
  const fleet = useQuery(figures('getFleet', { params }));
  useFleetEvents(product);
  const setRange = (next: Range) =>
    navigate({
      to: '.',
      search: ({ range: _old, ...rest }) => (next === '24h' ? rest : { ...rest, range: next }),
      replace: true,
    });
  return (
    <Page
      title={one.data?.product.name ?? 'Overview'}
      about={one.data && about(typeName(platforms, one.data.product.platform_id), one.data.product.description)}
      actions={
        <SegmentedControl
          aria-label="How far back the charts go"
          size="xs"
          value={range}
          onChange={setRange}
          data={[
            { value: '24h', label: '24 hours' },
            { value: '7d', label: '7 days' },
            { value: '30d', label: '30 days' },
          ]}
        />
      }
    >
      <Loaded query={fleet} lines={8}>
        {(counts) => (
          <>
            <Attention product={product} fleet={counts} />
            {one.data && <FirstSteps product={product} fleet={counts} id={one.data.product.id} />}
            {can('firmware:list') && <RolloutsPanel product={product} />}
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
              <OnlinePanel product={product} fleet={counts} range={range} />
              <Stack gap="md">
                <VersionsPanel product={product} fleet={counts} />
                <CustomersPanel product={product} fleet={counts} />
                <AccessPanel product={product} fleet={counts} />
              </Stack>
            </SimpleGrid>
            <HealthPanels product={product} range={range} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function about(type: string, description: string): string {
  return description === '' ? type : `${type} · ${description}`;
}
