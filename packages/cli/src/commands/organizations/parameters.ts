import { argument } from '../../program/parameters.ts';

/** The organization of a command. */
export const organizationArgument = argument('Id or slug of the organization', { complete: 'organization' });
