import { Group } from '@mantine/core';
import { CopyIcon } from './copy.tsx';

/** An id that people copy, such as of a device. */
export function IdText({ id, what }: { readonly id: string; readonly what: string }) {
  return (
    <Group gap={4} wrap="nowrap" component="span">
      <span className="mono">{id}</span>
      <CopyIcon value={id} what={what} />
    </Group>
  );
}
