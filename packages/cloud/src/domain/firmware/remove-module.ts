import type { Context } from '../context.ts';
import { requireOperator } from '../devices/index.ts';
import { moduleNotFound } from './module-errors.ts';
import { deleteModule } from './module-store.ts';

/** Takes a module out of the library; updates that are under way with it go on. @throws DomainError `operator_only`, `firmware_module.not_found` */
export async function removeModule(ctx: Context, id: string): Promise<void> {
  requireOperator(ctx);
  if (!(await deleteModule(ctx.store.db, id))) throw moduleNotFound();
}
