const LONGEST = 60;

/** A name as a part of a path: lower-case letters and digits of ASCII with single hyphens between, at most 60 characters; empty when the name has none of them. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
}

/** The first of `make(1)`, `make(2)` … that is not among `taken`. */
export function freeSlug(taken: Iterable<string>, make: (number: number) => string): string {
  const used = new Set(taken);
  for (let number = 1; ; number++) {
    const slug = make(number);
    if (!used.has(slug)) return slug;
  }
}
