import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { isNodeTooOld, oldestNode } from "../../../provider/process/node-version";
import { isTooOld, oldestPulumi, PulumiTooOld } from "../../../provider/process/pulumi-version";
import { pulumiVersion } from "../../stack/pulumi";
import { onPath } from "../files";
import { type Check, section } from "../model";

const tools = section("Tools");

/** Node.js: this one is new enough to get here, but the engine runs that of the PATH. */
export async function checkNode(): Promise<Check[]> {
  const { node } = process.versions;
  const found = onPath("node");
  if (found === undefined) {
    return [
      tools.warning(
        "node",
        `There is no node on the PATH; this command runs on ${node} (${process.execPath}).`,
        "Put Node.js on the PATH: Pulumi's programs and the plugin of a clone need it there.",
      ),
    ];
  }
  const isThis = realpathSync(found) === realpathSync(process.execPath);
  const version = isThis ? node : versionOf(found);
  if (version === undefined) {
    return [tools.warning("node", `${found}, the node on the PATH, can't be run.`)];
  }
  if (isNodeTooOld(version)) {
    return [
      tools.problem(
        "node",
        `The Node.js on the PATH is ${version} (${found}); programs and the plugin need ${oldestNode} or newer.`,
        "Install a newer one, or put it first on the PATH.",
      ),
    ];
  }
  return [tools.ok("node", `Node.js ${version} (${found}).`)];
}

function versionOf(executable: string): string | undefined {
  const { stdout } = spawnSync(executable, ["--version"], { encoding: "utf8", timeout: 10_000 });
  return stdout?.trim().replace(/^v/, "") || undefined;
}

/** Pulumi's command, which is its engine too. */
export async function checkPulumi(): Promise<Check[]> {
  const version = await pulumiVersion();
  const path = onPath("pulumi");
  const install = `Install Pulumi ${oldestPulumi} or newer: https://www.pulumi.com/docs/install/.`;
  if (path === undefined) {
    return [tools.problem("pulumi", "There is no `pulumi` on the PATH.", install)];
  }
  if (version === undefined) {
    return [tools.problem("pulumi", `${path} can't be run, or prints no version.`, install)];
  }
  if (isTooOld(version)) {
    return [tools.problem("pulumi", new PulumiTooOld(version).message)];
  }
  return [tools.ok("pulumi", `Pulumi ${version} (${path}).`)];
}
