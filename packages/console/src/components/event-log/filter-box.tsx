import { Button, CloseButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconAdjustments, IconFilter } from '@tabler/icons-react';
import type { EventFilter } from './parse-filter.ts';

export interface FilterBoxProps {
  readonly value: string;
  onChange(value: string): void;
  readonly filter: EventFilter;
  readonly isHelpOpen: boolean;
  readonly helpId: string;
  onToggleHelp(): void;
}

/** The filter (UI-08) and the button that lists the modifiers (UI-09). What cannot be used is explained below it. */
export function FilterBox({ value, onChange, filter, isHelpOpen, helpId, onToggleHelp }: FilterBoxProps) {
  const { problems, hints } = filter;
  return (
    <Stack gap={2} style={{ flex: '1 1 320px', minWidth: 0 }}>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <TextInput
          aria-label="Filter the events"
          placeholder="Filter by name, data, device, date"
          data-filter-input
          value={value}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          leftSection={<IconFilter size={16} aria-hidden />}
          rightSection={
            value === '' ? null : <CloseButton size="sm" aria-label="Empty the filter" onClick={() => onChange('')} />
          }
          error={problems.length > 0 && problems.join(' ')}
          style={{ flex: 1, minWidth: 0 }}
        />
        <Button
          variant="default"
          leftSection={<IconAdjustments size={16} aria-hidden />}
          aria-expanded={isHelpOpen}
          aria-controls={helpId}
          onClick={onToggleHelp}
          px="sm"
        >
          Advanced
        </Button>
      </Group>
      {hints.map((hint) => (
        <Text key={hint} size="xs" c="dimmed">
          {hint}
        </Text>
      ))}
    </Stack>
  );
}
