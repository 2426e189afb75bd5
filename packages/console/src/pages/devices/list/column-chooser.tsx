import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { DEVICE_COLUMNS } from './device-columns.tsx';
import type { ChosenColumns } from './use-columns.ts';

/** Chooses which columns the list has. */
export function ColumnChooser({ columns }: { readonly columns: ChosenColumns }) {
  return (
    <Popover position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={18} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap="xs">
          <Checkbox.Group label="Columns" value={[...columns.ids, 'name']} onChange={columns.choose}>
            <Stack gap={8} mt={8}>
              {DEVICE_COLUMNS.map(({ id, title }) => (
                <Checkbox key={id} value={id} label={title} disabled={id === 'name'} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Button variant="subtle" size="compact-sm" onClick={columns.reset}>
            Standard columns
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
