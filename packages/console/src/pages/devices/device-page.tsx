import { ApiError } from '@cloudchamber/contract/client';
import { Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useCan } from '../../data/permissions.ts';
import type { Place } from '../../data/place.ts';
import { usePlace } from '../../data/use-place.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkButton } from '../../ui/link.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { deviceApi, productDeviceOf } from './device/device-api.ts';
import { DeviceContext } from './device/device-context.ts';
import { DeviceView } from './device/device-view.tsx';

/** A device of the account, or of a product. */
export function DevicePage() {
  const place = usePlace();
  const can = useCan(place);
  const { deviceId = '' } = useParams({ strict: false });
  const product = place.kind === 'product' ? place.product : undefined;
  const api = useMemo(
    () => deviceApi(product === undefined ? { kind: 'sandbox' } : { kind: 'product', product }, deviceId),
    [product, deviceId],
  );
  const query = useQuery(api.device);
  if (query.data === undefined && isNotThere(query.error)) return <NoSuchDevice place={place} deviceId={deviceId} />;
  if (query.data === undefined) {
    return (
      <Page title="Device">
        <Loaded query={query} lines={8}>
          {() => null}
        </Loaded>
      </Page>
    );
  }
  const device = query.data;
  return (
    <DeviceContext value={{ place, api, device, member: productDeviceOf(device), can }}>
      <DeviceView key={device.id} />
    </DeviceContext>
  );
}

/** Somebody else's device is answered as one that there is not. */
function isNotThere(error: Error | null): boolean {
  return error instanceof ApiError && [400, 403, 404].includes(error.status);
}

function NoSuchDevice({ place, deviceId }: { readonly place: Place; readonly deviceId: string }) {
  const inProduct = place.kind === 'product';
  return (
    <Page title="Device">
      <EmptyState title={inProduct ? 'The product has no such device' : 'There is no such device'}>
        <Text c="dimmed" ta="center">
          <Code>{deviceId}</Code>{' '}
          {inProduct
            ? 'is not in this product, or you may not see its devices. Import it first, or look whether the ID is right.'
            : 'is not known, or belongs to somebody else. If it is yours, claim it first; if it does not connect, ask the connection doctor.'}
        </Text>
        {inProduct ? (
          <LinkButton to="/products/$product/devices" params={{ product: place.product }} variant="default">
            Devices of the product
          </LinkButton>
        ) : (
          <LinkButton to="/devices" search={{ add: 'claim' }} variant="default">
            Claim a device
          </LinkButton>
        )}
      </EmptyState>
    </Page>
  );
}
