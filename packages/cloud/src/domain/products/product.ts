import type { Scope } from '@cloudchamber/contract';
import { defineTopic } from '../../bus/index.ts';
import type { Role } from '../authorization/index.ts';
import type { Ambient, TokenActor } from '../context.ts';

export interface ProductSettings {
  /** Keep the locations that its devices publish. */
  readonly location: { readonly opt_in: boolean };
  readonly known_application: { readonly opt_in: boolean };
  /** What becomes of a device that announces the product without belonging to it. */
  readonly unknown_devices: 'approve' | 'quarantine' | 'refuse';
}

export interface Product {
  /** 1000 to 65535, unique for ever (PRD-05). */
  readonly id: number;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  /** The one kind of hardware that its devices are. */
  readonly platformId: number;
  readonly owner: ProductOwner;
  readonly settings: ProductSettings;
  /** ms UTC */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ProductOwner {
  readonly kind: 'user' | 'organization';
  readonly id: string;
}

/** A `Context` of somebody who may do `scope` in the product. `enterProduct` is the only maker. */
export type ProductContext = Ambient & {
  readonly actor: TokenActor;
  readonly product: Product;
  readonly scope: Scope;
  /** The caller's role; undefined for tokens of the product and for API users. */
  readonly role: Role | undefined;
};

/** What a verb has just committed about a product: caches forget it. */
export interface ProductChange {
  readonly productId: number;
  /** `moved`: another owner, so members that came by the organization have lost it; `removed`: there is no such product any more. */
  readonly what?: 'moved' | 'removed';
}

export const productChanges = defineTopic<ProductChange>('products');
