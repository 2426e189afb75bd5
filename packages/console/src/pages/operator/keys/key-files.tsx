import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useSession } from '../../../data/session.ts';
import { Command } from '../../../ui/copy.tsx';
import { Panel } from '../../../ui/panel.tsx';
import type { ServerKey } from './server-key.ts';

/** The files that are written to devices: the newest public key, and this cloud's address. */
export function KeyFiles({ algorithms }: { readonly algorithms: readonly ServerKey['algorithm'][] }) {
  const { deviceHost, udpPort, tcpPort } = useSession().cloud;
  return (
    <Panel
      title="Files for devices"
      about="The newest public key. The .der file has the address of this cloud as well."
    >
      {algorithms.map((algorithm) => {
        const port = algorithm === 'ecc' ? udpPort : tcpPort;
        const der = new URLSearchParams({ algorithm, format: 'der', host: deviceHost });
        if (port !== null) der.set('port', String(port));
        const file = `server-${algorithm}`;
        return (
          <Stack key={algorithm} gap="xs">
            <Group gap="xs">
              <Text size="sm" fw={600}>
                {algorithm === 'ecc' ? 'ECC, over UDP' : 'RSA, over TCP'}
              </Text>
              <FileButton href={`/v1/server-key?${der}`} name={`${file}.der`} />
              <FileButton href={`/v1/server-key?algorithm=${algorithm}&format=pem`} name={`${file}.pem`} />
            </Group>
            <Command>{`particle keys server ${file}.der`}</Command>
          </Stack>
        );
      })}
    </Panel>
  );
}

function FileButton({ href, name }: { readonly href: string; readonly name: string }) {
  return (
    <Button
      component="a"
      href={href}
      download={name}
      variant="default"
      size="compact-sm"
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {name}
    </Button>
  );
}
