import { Badge, Button, Group, ScrollArea, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { Column } from '../../../ui/data-table.tsx';
import { downloadCsv } from '../../../ui/download-csv.ts';
import { OUTCOMES, outcomeWords } from './outcomes.ts';
import type { ImportedLine, Outcome } from './run-import.ts';

export interface ImportResultProps {
  readonly lines: readonly ImportedLine[];
  onClose(): void;
  /** Imports another list. */
  onAgain(): void;
}

const COLUMNS: readonly Column<ImportedLine>[] = [
  { title: 'Device', cell: ({ id }) => id, text: ({ id }) => id },
  {
    title: 'Result',
    cell: ({ outcome }) => outcome,
    text: ({ outcome }) => outcomeWords(outcome).title,
  },
  {
    title: 'Why',
    cell: ({ outcome }) => outcome,
    text: ({ outcome }) => outcomeWords(outcome).why,
  },
];
/** Lines that are drawn; the file has all. */
const SHOWN = 500;

/** What became of every device of an import. */
export function ImportResult({ lines, onClose, onAgain }: ImportResultProps) {
  const [shown, setShown] = useState<Outcome | 'all'>('all');
  const present = OUTCOMES.filter((one) => lines.some(({ outcome }) => outcome === one));
  const matching = shown === 'all' ? lines : lines.filter(({ outcome }) => outcome === shown);
  const countOf = (one: Outcome) => lines.filter(({ outcome }) => outcome === one).length.toLocaleString('en');
  return (
    <Stack>
      <Text fw={600} role="status">
        {present.map((one) => `${countOf(one)} ${outcomeWords(one).title.toLowerCase()}`).join(', ')}
      </Text>
      <ScrollArea type="auto" offsetScrollbars="x">
        <SegmentedControl
          aria-label="Which devices are shown"
          value={shown}
          onChange={setShown}
          data={[
            { value: 'all' as const, label: `All (${lines.length.toLocaleString('en')})` },
            ...present.map((one) => ({ value: one, label: `${outcomeWords(one).title} (${countOf(one)})` })),
          ]}
        />
      </ScrollArea>
      {shown !== 'all' && (
        <Text size="sm" c="dimmed">
          {outcomeWords(shown).why}
        </Text>
      )}
      <ScrollArea.Autosize mah={300} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Devices of the import' }}>
        <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {matching.slice(0, SHOWN).map(({ id, outcome }) => (
            <Group key={id} component="li" justify="space-between" wrap="nowrap" gap="xs" pr="sm">
              <span className="mono">{id}</span>
              <Badge variant="default" tt="none" style={{ flexShrink: 0 }}>
                {outcomeWords(outcome).title}
              </Badge>
            </Group>
          ))}
        </Stack>
      </ScrollArea.Autosize>
      {matching.length > SHOWN && (
        <Text size="sm" c="dimmed">
          The first {SHOWN} of {matching.length.toLocaleString('en')}. The file has all.
        </Text>
      )}
      <Group justify="space-between">
        <Button
          variant="default"
          leftSection={<IconDownload size={18} aria-hidden />}
          onClick={() => downloadCsv('import', COLUMNS, lines)}
        >
          Save the result
        </Button>
        <Group gap="xs">
          <Button variant="default" onClick={onAgain}>
            Import more
          </Button>
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Group>
    </Stack>
  );
}
