/** A promise with what settles it. `Promise.withResolvers` would be the same from Node 22 on; the command line runs devices on Node 20. */
export function deferred<T>(): PromiseWithResolvers<T> {
  let settle: Pick<PromiseWithResolvers<T>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new TypeError('a promise begins at once');
  return { promise, ...settle };
}
