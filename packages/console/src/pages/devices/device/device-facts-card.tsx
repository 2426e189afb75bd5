import { Badge, Group, Paper, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { reading } from '../../../data/query.ts';
import { CopyIcon } from '../../../ui/copy.tsx';
import { Link } from '../../../ui/link.tsx';
import { Time } from '../../../ui/time.tsx';
import { isInProduct } from '../list/is-in-product.ts';
import { useDevice } from './device-context.ts';
import classes from './device-facts.module.css';

/** What is known of the device. */
export function DeviceFactsCard() {
  const { device, member } = useDevice();
  return (
    <Paper withBorder p="md">
      <dl className={classes.facts}>
        <Fact label="Last heard">
          <Time at={device.last_heard} />
        </Fact>
        <Fact label="Last handshake">
          <Time at={device.last_handshake_at} />
        </Fact>
        <Fact label="Product">
          <ProductName />
        </Fact>
        <Fact label="Owner">{device.owner ?? <Nothing>none</Nothing>}</Fact>
        <Fact label="Device OS">{device.system_firmware_version ?? <Nothing>not told yet</Nothing>}</Fact>
        {member && (
          <Fact label="Firmware version">{member.firmware_version ?? <Nothing>none of this product</Nothing>}</Fact>
        )}
        <Fact label="Last IP address">{device.last_ip_address ?? <Nothing>none</Nothing>}</Fact>
        <Fact label="Serial number">
          <Copied value={device.serial_number} what="serial number" />
        </Fact>
        {device.cellular && (
          <>
            <Fact label="ICCID">
              <Copied value={device.iccid ?? null} what="ICCID" />
            </Fact>
            <Fact label="IMEI">
              <Copied value={device.imei ?? null} what="IMEI" />
            </Fact>
          </>
        )}
        {member && (
          <Fact label="Groups">
            {member.groups.length === 0 ? (
              <Nothing>none</Nothing>
            ) : (
              <Group gap={4}>
                {member.groups.map((group) => (
                  <Badge key={group} variant="default" tt="none">
                    {group}
                  </Badge>
                ))}
              </Group>
            )}
          </Fact>
        )}
      </dl>
    </Paper>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </div>
  );
}

function Nothing({ children }: { readonly children: string }) {
  return (
    <Text span inherit c="dimmed">
      {children}
    </Text>
  );
}

function Copied({ value, what }: { readonly value: string | null; readonly what: string }) {
  if (value === null) return <Nothing>not known</Nothing>;
  return (
    <Group gap={4} wrap="nowrap" component="span" display="inline-flex">
      <span className="mono">{value}</span>
      <CopyIcon value={value} what={what} />
    </Group>
  );
}

/** The product's name where the account can see the product. */
function ProductName() {
  const { device, place } = useDevice();
  const ofPlace = useQuery({
    ...reading('getProduct', { params: { productIdOrSlug: place.kind === 'product' ? place.product : '' } }),
    enabled: place.kind === 'product',
    staleTime: 60_000,
  });
  const all = useQuery({
    ...reading('listProducts'),
    enabled: place.kind === 'sandbox' && isInProduct(device),
    staleTime: 60_000,
  });
  if (place.kind === 'product') return ofPlace.data?.product.name ?? `Product ${place.product}`;
  if (!isInProduct(device)) return <Nothing>none</Nothing>;
  const product = all.data?.products.find(({ id }) => id === device.product_id);
  if (product === undefined) return `Product ${device.product_id}`;
  return (
    <Link
      inherit
      to="/products/$product/devices/$deviceId"
      params={{ product: String(product.id), deviceId: device.id }}
    >
      {product.name}
    </Link>
  );
}
