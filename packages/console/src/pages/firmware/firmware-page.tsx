import { Button, Stack, Tabs } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { ActiveRollout } from './active-rollout.tsx';
import { NoFirmware } from './no-firmware.tsx';
import { nextVersion } from './releases.ts';
import { RolloutsTab } from './rollouts-tab.tsx';
import { UploadDialog } from './upload-dialog.tsx';
import { useFirmwareChanges } from './use-firmware-changes.ts';
import { VersionsTab } from './versions-tab.tsx';

/** The versions of a product's firmware, what is released to whom, and the rollouts. */
export function FirmwarePage() {
  const { product = '' } = useParams({ strict: false });
  const can = useCan({ kind: 'product', product });
  const params = { productIdOrSlug: product };
  const versions = useQuery(reading('listProductFirmware', { params, query: { archived: 'true' } }));
  const rollouts = useQuery(reading('listRollouts', { params, query: { limit: 100 } }));
  const { tab = 'versions' } = useSearch({ from: '/inside/products/$product/firmware' });
  const navigate = useNavigate({ from: '/products/$product/firmware' });
  const [uploading, setUploading] = useState(false);
  useFirmwareChanges(product);
  const upload = () => setUploading(true);
  return (
    <Page
      title="Firmware"
      about="Versions of this product's firmware, and which devices they are released to."
      actions={
        can('firmware:create') && (
          <Button leftSection={<IconUpload size={18} aria-hidden />} onClick={upload}>
            Upload
          </Button>
        )
      }
    >
      <Loaded query={versions}>
        {(all) => (
          <>
            {all.length === 0 ? (
              <NoFirmware product={product} {...(can('firmware:create') && { onUpload: upload })} />
            ) : (
              <Stack>
                <ActiveRollout product={product} rollouts={rollouts.data?.rollouts ?? []} />
                <Tabs
                  value={tab}
                  onChange={(value) =>
                    navigate({
                      search: ({ tab: _tab, ...others }) => (value === 'rollouts' ? { ...others, tab: value } : others),
                      replace: true,
                    })
                  }
                  keepMounted={false}
                >
                  <Tabs.List mb="md">
                    <Tabs.Tab value="versions">Versions</Tabs.Tab>
                    <Tabs.Tab value="rollouts">Rollouts</Tabs.Tab>
                  </Tabs.List>
                  <Tabs.Panel value="versions">
                    <VersionsTab product={product} versions={all} rollouts={rollouts.data?.rollouts ?? []} />
                  </Tabs.Panel>
                  <Tabs.Panel value="rollouts">
                    <RolloutsTab product={product} rollouts={rollouts} />
                  </Tabs.Panel>
                </Tabs>
              </Stack>
            )}
            <UploadDialog
              product={product}
              opened={uploading}
              onClose={() => setUploading(false)}
              suggested={nextVersion(all)}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}
