import { Badge } from '@mantine/core';

/** Whether a device is online: in words and with a sign, not by colour alone. */
export function OnlineBadge({ online }: { readonly online: boolean }) {
  return online ? (
    <Badge variant="light" color="teal" leftSection="●">
      Online
    </Badge>
  ) : (
    <Badge variant="default" leftSection="○">
      Offline
    </Badge>
  );
}
