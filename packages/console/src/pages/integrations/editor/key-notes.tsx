import { Alert, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type Settings, unknownKeys } from '../settings/settings.ts';

interface KeyNotesProps {
  readonly settings: Settings;
  readonly leftOut?: readonly string[];
  readonly repeated?: readonly string[];
}

/** Says which keys of the JSON mean nothing to this cloud, so that nobody waits for what they would do. */
export function KeyNotes({ settings, leftOut = [], repeated = [] }: KeyNotesProps) {
  const unknown = unknownKeys(settings);
  const notes = [
    ...unknown.map(({ key, meant }) =>
      meant === undefined
        ? `${key}: kept, but this cloud does nothing with it`
        : `${key}: kept, but this cloud does nothing with it. Is ${meant} meant?`,
    ),
    ...repeated.map((key) => `${key}: stands there twice; the last one counts`),
    ...(leftOut.length === 0 ? [] : [`${leftOut.join(', ')}: left out, since the cloud sets it`]),
  ];
  if (notes.length === 0) return null;
  return (
    <Alert color="blue" variant="outline" icon={<IconInfoCircle aria-hidden />} title="Other keys">
      {notes.map((note) => (
        <Text key={note} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {note}
        </Text>
      ))}
    </Alert>
  );
}
