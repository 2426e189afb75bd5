import { Code, List, Stack, Text } from '@mantine/core';
import { IconAccessPoint } from '@tabler/icons-react';
import { useSession } from '../../data/session.ts';
import { Command } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkButton } from '../../ui/link.tsx';

export interface NoAttemptsProps {
  readonly isFiltered: boolean;
  /** Whether those that never said their id are in the list too. */
  readonly hasStrangers: boolean;
}

/** Stands where nobody has tried to connect, and says how a device is pointed at this cloud and what a firewall must let through. */
export function NoAttempts({ isFiltered, hasStrangers }: NoAttemptsProps) {
  const { publicUrl, deviceHost, udpPort, tcpPort } = useSession().cloud;
  const ports = [
    ...(udpPort === null ? [] : [`UDP ${udpPort} (Photon 2, P2, Argon, Boron, Tracker and other newer devices)`]),
    ...(tcpPort === null ? [] : [`TCP ${tcpPort} (Photon, P1, Core)`]),
  ];
  return (
    <EmptyState
      icon={<IconAccessPoint size={40} stroke={1.5} aria-hidden />}
      title={isFiltered ? 'No attempt passes the filters' : 'No attempt to connect yet'}
    >
      <Stack gap="sm" w="100%">
        <Text c="dimmed">
          A device stands here as soon as it reaches this cloud at <Code>{deviceHost}</Code>, also when it is not let
          in. Does yours not? Then it calls somewhere else, or something in between stops it.
          {!hasStrangers &&
            ' One that never came to say its id, as with the key of another server, is seen by operators only, by its address.'}
        </Text>
        {udpPort !== null && (
          <>
            <Text size="sm">Point a device in DFU mode at this cloud:</Text>
            <Command>{serverKeyCommand(publicUrl, 'ecc', deviceHost, udpPort)}</Command>
          </>
        )}
        {tcpPort !== null && (
          <>
            <Text size="sm">Photon, P1 and Core in DFU mode:</Text>
            <Command>{serverKeyCommand(publicUrl, 'rsa', deviceHost, tcpPort)}</Command>
          </>
        )}
        <Text size="sm">The network of the device must let this out, and the answers back in:</Text>
        <List size="sm" spacing={4}>
          {ports.map((port) => (
            <List.Item key={port}>
              {port}, to <Code>{deviceHost}</Code>
            </List.Item>
          ))}
          <List.Item>
            A firewall keeps the state of UDP for longer than 25 s on Wi-Fi and Ethernet, 23 min on cellular.
          </List.Item>
        </List>
        <Text size="sm">Every host and port, for firewalls:</Text>
        <Command>{`curl ${publicUrl}/v1/cloud-addresses`}</Command>
        <LinkButton to="/devices" search={{ add: 'udp' }} variant="default">
          Add a device step by step
        </LinkButton>
      </Stack>
    </EmptyState>
  );
}

function serverKeyCommand(publicUrl: string, algorithm: 'ecc' | 'rsa', host: string, port: number): string {
  const query = new URLSearchParams({ algorithm, format: 'der', host, port: String(port) });
  const file = `server-${algorithm}.der`;
  return `curl '${publicUrl}/v1/server-key?${query}' -o ${file}\nparticle keys server ${file}`;
}
