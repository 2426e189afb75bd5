import type { ConsoleCloud } from '@cloudchamber/contract';
import { Code, List, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, LinkButton } from '../../ui/link.tsx';
import { Frame } from './frame.tsx';

/** What the operator of a fresh cloud does after the first page, with the settings that it runs with. */
export function WhatNext({ cloud }: { readonly cloud: ConsoleCloud }) {
  return (
    <Frame title="Your cloud is ready" about="You are logged in as its operator. What next:">
      <List type="ordered" spacing="sm" size="sm">
        <Step title="Connect a device">
          <Link to="/devices" inherit underline="always">
            Devices
          </Link>{' '}
          has the commands for each kind; devices connect to{' '}
          <Code>{cloud.deviceHost.replace('$id', '<device ID>')}</Code>.
        </Step>
        <Step title="Invite people">{SIGNUP[cloud.signup]}</Step>
        <Step title="Mail">
          {cloud.mail === 'smtp' ? (
            'It goes out over your server.'
          ) : (
            <>
              It waits in the mailbox of this cloud and leaves nowhere. Set <Code>CHAMBER_SMTP_URL</Code> to send it.
            </>
          )}
        </Step>
        <Step title="Public address">
          People are told <Code>{cloud.publicUrl}</Code>. If they reach it elsewhere, set{' '}
          <Code>CHAMBER_PUBLIC_URL</Code>.
        </Step>
        <Step title="Backups">
          What to copy, and how to put it back, is in <Code>docs/operating.md</Code>, as are all settings.
        </Step>
      </List>
      <LinkButton to="/devices" fullWidth>
        Go to the console
      </LinkButton>
    </Frame>
  );
}

function Step({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <List.Item>
      <Stack gap={0}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
          {children}
        </Text>
      </Stack>
    </List.Item>
  );
}

const SIGNUP: Readonly<Record<ConsoleCloud['signup'], ReactNode>> = {
  open: 'Everybody who reaches this address can sign up.',
  invite: (
    <>
      They come in when you invite them on the{' '}
      <Link to="/operator" inherit underline="always">
        Operator
      </Link>{' '}
      page.
    </>
  ),
  closed: (
    <>
      Sign-ups are closed; you make accounts on the{' '}
      <Link to="/operator" inherit underline="always">
        Operator
      </Link>{' '}
      page.
    </>
  ),
};
