import { SimpleGrid, Stack } from '@mantine/core';
import { RegisterDevice } from './register-device.tsx';
import { TransferDevice } from './transfer-device.tsx';
import { TransferProduct } from './transfer-product.tsx';

/** What an operator may do to any device or product: make it known, give it to another account. */
export function DevicesTab() {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <RegisterDevice />
      <Stack>
        <TransferDevice />
        <TransferProduct />
      </Stack>
    </SimpleGrid>
  );
}
