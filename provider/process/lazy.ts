/**
 * Loads at the first call what most processes never use: `lazy<typeof import("./x")>(() =>
 * require("./x"))`. As the `require` stands in a function, the bundle keeps the module apart too.
 */
export function lazy<T>(load: () => T): () => T {
  let loaded: T | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
