import { enableCompileCache } from "node:module";

/** The oldest Node.js that the provider runs on, as package.json's `engines` has it. */
const oldest = [22, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `pulumi-resource-formations needs Node.js ${oldest.join(".")} or newer on PATH; this is ${process.versions.node}.`,
  );
  process.exit(1);
}

// A plugin starts several times an operation: what was compiled once is kept.
enableCompileCache();
