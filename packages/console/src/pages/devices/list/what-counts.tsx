import { Button, List, Popover, Stack, Text, Title } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { countsByPlace } from './counts-in.ts';
import type { DeviceRow } from './device-rows.ts';

export interface WhatCountsProps {
  readonly rows: readonly DeviceRow[];
  /** Whether the list has the column that tells it for each device. */
  readonly hasColumn: boolean;
  showColumn(): void;
}

/** Explains which devices count where (LST-04). */
export function WhatCounts({ rows, hasColumn, showColumn }: WhatCountsProps) {
  return (
    <Popover width={360} position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button variant="subtle" leftSection={<IconHelpCircle size={18} aria-hidden />}>
          What counts
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Which devices count where" maw="calc(100vw - 32px)">
        <Stack gap="xs">
          <Title order={2} size="h5">
            Which devices count where
          </Title>
          <Text size="sm">
            This list has every device that is claimed to you. Where a device counts depends on its product, not on who
            claimed it:
          </Text>
          <List size="sm" spacing={4}>
            <List.Item>in no product, or in a product of your sandbox: in your sandbox;</List.Item>
            <List.Item>in a product of an organization: in that organization, not in your sandbox;</List.Item>
            <List.Item>in a product of another account: in the sandbox of that account.</List.Item>
          </List>
          <Text size="sm">Devices of your products that nobody claimed count there too, and are not in this list.</Text>
          {rows.length > 0 && (
            <List size="sm" fw={600} listStyleType="none">
              {countsByPlace(rows).map(([label, count]) => (
                <List.Item key={label}>
                  {label}: {count}
                </List.Item>
              ))}
            </List>
          )}
          {!hasColumn && (
            <Button variant="default" size="compact-sm" onClick={showColumn}>
              Show it for each device
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
