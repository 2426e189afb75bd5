import { Button, Divider, List, Text } from '@mantine/core';
import { IconCpu, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { reading } from '../../data/query.ts';
import { Command } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';

export interface NoFirmwareProps {
  readonly product: string;
  /** Left out for those who may not upload. */
  onUpload?(): void;
}

/** Stands on the firmware page before the first upload, and teaches how a file is prepared (OTA-03, OTA-28). */
export function NoFirmware({ product, onUpload }: NoFirmwareProps) {
  const found = useQuery(reading('getProduct', { params: { productIdOrSlug: product } }));
  return (
    <EmptyState icon={<IconCpu size={40} aria-hidden />} title="No firmware yet">
      <Text c="dimmed" ta="center">
        Upload a version of your firmware, try it on one device, then release it to a group or to all devices. They
        update over the air.
      </Text>
      <Divider w="100%" my="xs" />
      <Loaded query={found} lines={3}>
        {({ product: { id, name } }) => (
          <List
            type="ordered"
            spacing="md"
            w="100%"
            styles={{ itemWrapper: { width: '100%' }, itemLabel: { flex: 1, minWidth: 0 } }}
          >
            <List.Item>
              <Text mb={6}>Put these two lines near the top of the application, below #include "Particle.h":</Text>
              <Command>{`PRODUCT_ID(${id})\nPRODUCT_VERSION(1)`}</Command>
              <Text size="sm" c="dimmed" mt={6}>
                {id} is the id of {name}. Device OS 4.0 and later takes PRODUCT_VERSION only: leave PRODUCT_ID out
                there. Raise the version with each upload.
              </Text>
            </List.Item>
            <List.Item>
              <Text>Compile it for the platform of the product. With assets, the compiler makes a .zip bundle.</Text>
            </List.Item>
            <List.Item>
              <Text>Upload the .bin or .zip file. No device gets it before you release it.</Text>
            </List.Item>
          </List>
        )}
      </Loaded>
      {onUpload !== undefined && (
        <Button mt="sm" leftSection={<IconUpload size={18} aria-hidden />} onClick={onUpload}>
          Upload firmware
        </Button>
      )}
    </EmptyState>
  );
}
