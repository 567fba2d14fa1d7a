/*
 * Loaded into each Node.js process of a scenario before its own code. The language host that is built is
 * older than the engine, which no longer tells it of the option `typescript: false` in Pulumi.yaml: it
 * would have each program load TypeScript and ts-node, JavaScript too. This does what the option says.
 */
const { readFileSync } = require("node:fs");

if (process.env.PULUMI_NODEJS_TYPESCRIPT && isOff()) delete process.env.PULUMI_NODEJS_TYPESCRIPT;

function isOff() {
  try {
    // In JSON, as `writeProject` writes it.
    return JSON.parse(readFileSync("Pulumi.yaml", "utf8")).runtime.options.typescript === false;
  } catch {
    return false;
  }
}
