import { Button, Menu, Text } from '@mantine/core';
import { IconBuilding, IconCheck, IconChevronDown, IconFlask, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { reading } from '../data/query.ts';
import { useSession } from '../data/session.ts';
import { usePlace } from '../data/use-place.ts';

const NewOrganization = lazy(async () => {
  const { NewOrganization: Dialog } = await import('../pages/organizations/new-organization.tsx');
  return { default: Dialog };
});

/** Top left: the sandbox, or one of the person's organizations (ORG-02, ORG-06); a new one where the cloud lets this person make it. */
export function Switcher() {
  const place = usePlace();
  const navigate = useNavigate();
  const { user, cloud } = useSession();
  const [isMaking, setIsMaking] = useState(false);
  const mayMake = cloud.organizations === 'open' || (user?.operator ?? false);
  const organizations = useQuery({ ...reading('listOrganizations'), staleTime: 60_000 });
  const product = useQuery({
    ...reading('getProduct', { params: { productIdOrSlug: place.kind === 'product' ? place.product : '' } }),
    enabled: place.kind === 'product',
    staleTime: 60_000,
  });
  const slug = place.kind === 'organization' ? place.organization : (product.data?.product.org ?? undefined);
  const list = organizations.data?.organizations ?? [];
  const current = list.find((one) => one.slug === slug || one.id === slug);
  return (
    <>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button
            variant="default"
            size="compact-md"
            rightSection={<IconChevronDown size={16} aria-hidden />}
            leftSection={current ? <IconBuilding size={16} aria-hidden /> : <IconFlask size={16} aria-hidden />}
            aria-label={`Switch between the sandbox and organizations; now ${current?.name ?? 'Sandbox'}`}
          >
            <Text span inherit truncate maw={160} visibleFrom={place.kind === 'product' ? 'xs' : undefined}>
              {current?.name ?? 'Sandbox'}
            </Text>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFlask size={16} aria-hidden />}
            rightSection={current === undefined ? <IconCheck size={16} aria-hidden /> : undefined}
            onClick={() => navigate({ to: '/devices' })}
          >
            Sandbox
          </Menu.Item>
          <Menu.Label>Organizations</Menu.Label>
          {organizations.isSuccess && list.length === 0 && (
            <Text size="sm" c="dimmed" px="sm" py={4}>
              You are in no organization
            </Text>
          )}
          {list.map((one) => (
            <Menu.Item
              key={one.id}
              leftSection={<IconBuilding size={16} aria-hidden />}
              rightSection={one === current ? <IconCheck size={16} aria-hidden /> : undefined}
              onClick={() => navigate({ to: '/orgs/$organization/products', params: { organization: one.slug } })}
            >
              {one.name}
            </Menu.Item>
          ))}
          {mayMake && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setIsMaking(true)}>
                New organization
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {isMaking && (
        <Suspense>
          <NewOrganization onClose={() => setIsMaking(false)} />
        </Suspense>
      )}
    </>
  );
}
