import { Group, Kbd, Modal, Table, Text } from '@mantine/core';
import { SHORTCUTS } from './shortcuts.ts';

/** The keys that the console knows. */
export function ShortcutsSheet({ opened, onClose }: { readonly opened: boolean; onClose(): void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Table aria-label="Keys" verticalSpacing={8}>
        <Table.Tbody>
          <Row words="Search or jump to anything" keys={['Ctrl', 'K']} between="+" />
          {SHORTCUTS.map(({ keys, words }) => (
            <Row key={words} words={words} keys={keys} between="then" />
          ))}
          <Row words="Close a dialog or this sheet" keys={['Esc']} between="" />
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed" mt="md">
        On a Mac, Cmd stands for Ctrl. Single keys do nothing while you type in a field.
      </Text>
    </Modal>
  );
}

interface RowProps {
  readonly words: string;
  readonly keys: readonly string[];
  readonly between: string;
}

function Row({ words, keys, between }: RowProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {words}
      </Table.Th>
      <Table.Td ta="right">
        <Group gap={6} justify="flex-end" wrap="nowrap">
          {keys.map((key, at) => (
            <Group key={key} gap={6} wrap="nowrap">
              {at > 0 && (
                <Text size="xs" c="dimmed">
                  {between}
                </Text>
              )}
              <Kbd>{key}</Kbd>
            </Group>
          ))}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
