import { SegmentedControl } from '@mantine/core';
import type { Days } from '../device-search.ts';

export interface DaysPickerProps {
  readonly days: Days;
  onDays(days: Days): void;
}

const CHOICES: readonly { readonly value: Days; readonly label: string }[] = [
  { value: 1, label: '24 hours' },
  { value: 7, label: '7 days' },
  { value: 30, label: '30 days' },
];

/** How far back charts and lists go. */
export function DaysPicker({ days, onDays }: DaysPickerProps) {
  return (
    <SegmentedControl
      aria-label="How far back"
      data={CHOICES.map(({ value, label }) => ({ value: String(value), label }))}
      value={String(days)}
      onChange={(value) => {
        const choice = CHOICES.find((one) => String(one.value) === value);
        if (choice) onDays(choice.value);
      }}
    />
  );
}
