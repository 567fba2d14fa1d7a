// Lets Node.js run this project's sources as they are: it strips types on its own, but takes the
// package for CommonJS and expects file extensions.
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    const own =
      context.parentURL?.endsWith(".ts") && specifier.startsWith(".") && !specifier.endsWith(".ts");
    const found = next(own ? `${specifier}.ts` : specifier, context);
    return found.url.endsWith(".ts") ? { ...found, format: "module-typescript" } : found;
  },
});
