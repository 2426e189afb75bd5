import { ActionIcon, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { Pair } from '../settings/draft.ts';
import { MASK } from '../settings/settings.ts';
import type { DraftForm } from './draft-form.ts';

interface PairFieldsProps {
  readonly form: DraftForm;
  readonly field: 'headers' | 'query' | 'form';
  readonly label: string;
  readonly about: string;
  /** One row, such as "header". */
  readonly one: string;
}

/** Rows of names and values. */
export function PairFields({ form, field, label, about, one }: PairFieldsProps) {
  const rows = form.values[field];
  const set = (next: readonly Pair[]) => form.setFieldValue(field, next);
  const change = (at: number, part: Partial<Pair>) => {
    form.clearFieldError(`${field}.${at}.name`);
    form.clearFieldError(`${field}.${at}.value`);
    set(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  };
  return (
    <Stack gap={6} role="group" aria-label={label}>
      <div>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <Text size="xs" c="dimmed">
          {about}
        </Text>
      </div>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <Group key={at} gap="xs" wrap="nowrap" align="flex-start">
          <TextInput
            aria-label={`Name of ${one} ${at + 1}`}
            placeholder="Name"
            value={row.name}
            onChange={(event) => change(at, { name: event.currentTarget.value })}
            error={form.errors[`${field}.${at}.name`]}
            style={{ flex: '1 1 0' }}
            miw={0}
          />
          <TextInput
            aria-label={`Value of ${one} ${at + 1}`}
            placeholder="Value"
            value={row.value}
            onChange={(event) => change(at, { value: event.currentTarget.value })}
            error={form.errors[`${field}.${at}.value`]}
            description={row.value === MASK ? 'A secret, kept as it is' : undefined}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            style={{ flex: '2 1 0' }}
            miw={0}
          />
          {row.isJson && (
            <Checkbox
              label="JSON"
              mt={8}
              checked
              onChange={() => change(at, { isJson: false })}
              aria-label={`Value of ${one} ${at + 1} is JSON, not text`}
            />
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={`Remove ${one} ${at + 1}`}
            onClick={() => set(rows.filter((_, index) => index !== at))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => set([...rows, { name: '', value: '', isJson: false }])}
        >
          Add a {one}
        </Button>
      </div>
    </Stack>
  );
}
