import { Text } from '@mantine/core';
import { devicesText } from './format.ts';
import { type Impact, impactLines, listText } from './releases.ts';

/** How many devices an update is sent to, and what they run now. */
export function ImpactText({ impact }: { readonly impact: Impact }) {
  const { total } = impact.devices.firmware_update;
  const parts = impactLines(impact).map(({ version, total: count }) =>
    version === null ? `${count} with firmware that is not the product's` : `${count} with version ${version}`,
  );
  return (
    <Text component="div">
      <b>{devicesText(total)}</b>
      {parts.length > 0 && (
        <Text span c="dimmed" size="sm">
          {' '}
          ({listText(parts)})
        </Text>
      )}
    </Text>
  );
}
