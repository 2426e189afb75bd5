import type { Output } from '@cloudchamber/contract/client';
import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';

type Organization = Output<'getOrganization'>['organization'];

/** A line for each. */
export function organizationLines(organizations: readonly Organization[]): string[] {
  const rows = organizations.map(({ slug, name, id }) => [printable(slug), printable(name), id]);
  return rows.length === 0 ? ['No organizations'] : tableOf(['Slug', 'Name', 'Id'], rows);
}

/** Everything about one. @param role the caller's, null for a program */
export function organizationDetails(organization: Organization, role: string | null): string[] {
  const { id, slug, name, created_at: created } = organization;
  return [
    printable(name),
    `  Id:        ${id}`,
    `  Slug:      ${printable(slug)}`,
    `  Made:      ${created}`,
    ...(role === null ? [] : [`  Your role: ${role}`]),
  ];
}
