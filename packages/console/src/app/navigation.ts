import type { Scope } from '@cloudchamber/contract';
import {
  IconAccessPoint,
  IconActivity,
  IconBinary,
  IconBoxMultiple,
  IconBroadcast,
  IconClipboardList,
  IconCpu,
  IconGauge,
  IconKey,
  IconPlugConnected,
  IconServerCog,
  IconSettings,
  IconStack2,
  IconUsers,
  IconUsersGroup,
  type TablerIcon,
} from '@tabler/icons-react';
import { type Place, pathOfPlace } from '../data/place.ts';

export interface NavigationItem {
  readonly label: string;
  readonly path: string;
  readonly icon: TablerIcon;
  /** Whether only this very address is meant, none below it. */
  readonly exact?: boolean;
  /** The permission without which it isn't shown. */
  readonly scope?: Scope;
  readonly operatorOnly?: boolean;
}

const sandbox: readonly NavigationItem[] = [
  { label: 'Devices', path: '/devices', icon: IconCpu },
  { label: 'Products', path: '/products', icon: IconBoxMultiple },
  { label: 'Events', path: '/events', icon: IconActivity },
  { label: 'Integrations', path: '/integrations', icon: IconPlugConnected },
  { label: 'Authentication', path: '/authentication', icon: IconKey },
  { label: 'Connection doctor', path: '/doctor', icon: IconAccessPoint },
  { label: 'Operator', path: '/operator', icon: IconServerCog, operatorOnly: true },
];

const product: readonly NavigationItem[] = [
  { label: 'Overview', path: '', icon: IconGauge, exact: true },
  { label: 'Devices', path: '/devices', icon: IconCpu, scope: 'devices:list' },
  { label: 'Groups', path: '/groups', icon: IconStack2, scope: 'groups:list' },
  { label: 'Firmware', path: '/firmware', icon: IconBinary, scope: 'firmware:list' },
  { label: 'Customers', path: '/customers', icon: IconUsersGroup, scope: 'customers:list' },
  { label: 'Team', path: '/team', icon: IconUsers, scope: 'teams.users:list' },
  { label: 'Events', path: '/events', icon: IconActivity, scope: 'events:get' },
  { label: 'Integrations', path: '/integrations', icon: IconPlugConnected, scope: 'integrations:list' },
  { label: 'Authentication', path: '/authentication', icon: IconKey, scope: 'clients:list' },
  { label: 'Connection doctor', path: '/doctor', icon: IconBroadcast, scope: 'devices:list' },
  { label: 'Settings', path: '/settings', icon: IconSettings },
  { label: 'Audit log', path: '/audit', icon: IconClipboardList, scope: 'audit:list' },
];

const organization: readonly NavigationItem[] = [
  { label: 'Products', path: '/products', icon: IconBoxMultiple, scope: 'products:list' },
  { label: 'Team', path: '/team', icon: IconUsers, scope: 'teams.users:list' },
  { label: 'Events', path: '/events', icon: IconActivity, scope: 'events:get' },
  { label: 'Integrations', path: '/integrations', icon: IconPlugConnected, scope: 'integrations:list' },
  { label: 'Settings', path: '/settings', icon: IconSettings },
  { label: 'Audit log', path: '/audit', icon: IconClipboardList, scope: 'audit:list' },
];

/** @returns the pages of a place, in the order of its sidebar, with their whole addresses */
export function navigationOf(place: Place): NavigationItem[] {
  const items = place.kind === 'product' ? product : place.kind === 'organization' ? organization : sandbox;
  return items.map((item) => ({ ...item, path: `${pathOfPlace(place)}${item.path}` }));
}
