import { defineTopic } from '../../bus/index.ts';

/** So many modules came into the operators' library; told after the commit. */
export const modulesAdded = defineTopic<number>('modules-added');
