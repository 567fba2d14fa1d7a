/**
 * Loads at the first call what most processes never use: `lazy<typeof import("./x")>(() =>
 * require("./x"))`. As the `require` is in a function, the module is lazy in the bundle too.
 */
export function lazy<T>(load: () => T): () => T {
  let loaded: T | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
