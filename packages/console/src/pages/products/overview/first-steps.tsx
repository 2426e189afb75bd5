import { Card, Group, SimpleGrid, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { reading } from '../../../data/query.ts';
import { LinkButton } from '../../../ui/link.tsx';
import type { Fleet, OfProduct } from './fleet.ts';

export interface FirstStepsProps extends OfProduct {
  readonly fleet: Fleet;
  /** The product's number, which firmware is compiled with. */
  readonly id: number;
}

/** What a new product needs; goes when it has devices and firmware. */
export function FirstSteps({ product, fleet, id }: FirstStepsProps) {
  const firmware = useQuery(reading('listProductFirmware', { params: { productIdOrSlug: product } }));
  const hasDevices = fleet.devices.total > 0;
  const hasFirmware = (firmware.data?.length ?? 0) > 0;
  if (firmware.data === undefined || (hasDevices && hasFirmware)) return null;
  const steps = [
    {
      title: 'Add devices',
      text: 'Import the ids of your devices. They stay claimed to whom they are.',
      done: hasDevices,
      to: '/products/$product/devices',
      action: 'Import devices',
    },
    {
      title: 'Upload firmware',
      text: `Compile it with PRODUCT_ID(${id}) and a PRODUCT_VERSION, upload it, then release it.`,
      done: hasFirmware,
      to: '/products/$product/firmware',
      action: 'Upload firmware',
    },
    {
      title: 'Invite your team',
      text: 'Give everybody the role that fits. Programs get API users.',
      done: fleet.team.members > 1,
      to: '/products/$product/team',
      action: 'Invite people',
    },
  ] as const;
  return (
    <Card withBorder padding="md" component="section" aria-label="First steps">
      <Title order={2} size="h4" mb="sm">
        Three steps to a running fleet
      </Title>
      <SimpleGrid cols={{ base: 1, md: 3 }} spacing="md" component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
        {steps.map(({ title, text, done, to, action }, at) => (
          <Group component="li" key={title} wrap="nowrap" align="flex-start" gap="sm">
            <ThemeIcon radius="xl" variant={done ? 'filled' : 'default'} color="teal.9">
              {done ? <IconCheck size={16} aria-label="Done" role="img" /> : at + 1}
            </ThemeIcon>
            <Stack gap={4} align="flex-start">
              <Text fw={600}>{title}</Text>
              <Text size="sm" c="dimmed">
                {text}
              </Text>
              {!done && (
                <LinkButton to={to} params={{ product }} variant="default" size="compact-sm" mt={4}>
                  {action}
                </LinkButton>
              )}
            </Stack>
          </Group>
        ))}
      </SimpleGrid>
    </Card>
  );
}
