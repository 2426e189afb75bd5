interface Named {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
}

/** The products whose name, id, slug or description has every word of `text`, in any case; by name. */
export function matchProducts<T extends Named>(products: readonly T[], text: string): T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const of = ({ id, name, slug, description }: Named) => `${id} ${name} ${slug} ${description}`.toLowerCase();
  return products
    .filter((product) => words.every((word) => of(product).includes(word)))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}
