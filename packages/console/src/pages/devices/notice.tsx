import { Alert } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';

const KINDS = {
  done: { color: 'teal', Icon: IconCheck },
  warning: { color: 'yellow', Icon: IconAlertTriangle },
  plain: { color: 'blue', Icon: IconInfoCircle },
};

export interface NoticeProps {
  readonly kind?: keyof typeof KINDS;
  readonly title: string;
  readonly children?: ReactNode;
  /** Read out when it appears. */
  readonly live?: boolean;
}

/** Something that people should notice; its words have the colour of text, so that they can be read on every background. */
export function Notice({ kind = 'plain', title, children, live = false }: NoticeProps) {
  const { color, Icon } = KINDS[kind];
  return (
    <Alert
      variant="outline"
      color={color}
      icon={<Icon aria-hidden />}
      title={title}
      role={live ? 'status' : 'note'}
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
    >
      {children}
    </Alert>
  );
}
