import type { StreamState } from '@cloudchamber/contract/event-stream';
import { Badge, Button, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';

export interface StreamBadgeProps {
  readonly state: StreamState;
  readonly isPaused: boolean;
  onReopen(): void;
}

/** How the stream of events is doing: in words, a sign and a colour. */
export function StreamBadge({ state, isPaused, onReopen }: StreamBadgeProps) {
  if (state.kind === 'ended') {
    return (
      <Group gap="xs" role="status">
        <Badge variant="outline" color="red" leftSection="✕" tt="none" c="var(--mantine-color-error)">
          Refused
        </Badge>
        <Text size="sm">{state.error.message}</Text>
        <Button size="compact-xs" variant="default" onClick={onReopen}>
          Connect again
        </Button>
      </Group>
    );
  }
  if (state.kind === 'waiting') return <Waiting retryAt={state.retryAt} />;
  if (state.kind === 'connecting') {
    return (
      <Badge variant="default" leftSection="○" tt="none" role="status">
        Connecting
      </Badge>
    );
  }
  return isPaused ? (
    <Badge variant="default" leftSection="‖" tt="none" role="status">
      Paused
    </Badge>
  ) : (
    <Badge variant="light" color="teal" leftSection="●" tt="none" role="status">
      Live
    </Badge>
  );
}

function Waiting({ retryAt }: { readonly retryAt: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1000));
  return (
    <Badge variant="default" leftSection="○" tt="none">
      Reconnecting in {seconds} s
    </Badge>
  );
}
