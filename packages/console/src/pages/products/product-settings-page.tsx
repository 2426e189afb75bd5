import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { DataOperations } from '../../components/data-operations/data-operations.tsx';
import { typeName } from '../../components/device-type/type-name.ts';
import { usePlatforms } from '../../components/device-type/use-platforms.ts';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { usePlace } from '../../data/use-place.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { DeletePanel } from './settings/delete-panel.tsx';
import { DevicesForm } from './settings/devices-form.tsx';
import { GeneralForm } from './settings/general-form.tsx';
import { OwnerPanel } from './settings/owner-panel.tsx';
import { RetentionForm } from './settings/retention-form.tsx';

/** What a product is called and how it behaves; its owner; its end (PRD-26, PRD-30). */
export function ProductSettingsPage() {
  const place = usePlace();
  const can = useCan(place);
  const platforms = usePlatforms();
  const productIdOrSlug = place.kind === 'product' ? place.product : '';
  const one = useQuery(reading('getProduct', { params: { productIdOrSlug } }));
  const mayEdit = can('products:update');
  return (
    <Page title="Settings">
      <Loaded query={one} lines={8}>
        {({ product }) => (
          <>
            {!mayEdit && <Text c="dimmed">The owner and administrators can change these.</Text>}
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" key={product.id}>
              <Stack gap="md">
                <GeneralForm product={product} mayEdit={mayEdit} type={typeName(platforms, product.platform_id)} />
                <RetentionForm product={product} mayEdit={mayEdit} />
              </Stack>
              <Stack gap="md">
                <DevicesForm product={product} mayEdit={mayEdit} />
                <OwnerPanel product={product} mayTransfer={can('products:transfer')} />
              </Stack>
              {can('service_agreements.usage_summary:get') && <DataOperations place={place} />}
              {can('products:remove') && <DeletePanel product={product} />}
            </SimpleGrid>
          </>
        )}
      </Loaded>
    </Page>
  );
}
