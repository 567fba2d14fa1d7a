import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nodeProblem } from "../provider/process/node-version";
import { isSdkTooOld, oldestSdk } from "../provider/process/sdk-version";
import { packageName } from "../provider/resource/urn";

/*
 * Programs import this file before anything else of the package, and so does the dynamic host, so that
 * what can't work is refused with a sentence in the preview already. It loads nothing that an old
 * Node.js could stumble over.
 */

/**
 * Why the classes can't run here. Both processes that show it would add a stack: the program's leaves
 * that out of what has Pulumi's mark of a `RunError`, and the dynamic provider's shows what `toString`
 * and `stack` say.
 */
class Unusable extends Error {
  constructor(message: string) {
    super(message);
    this.stack = message;
    // Not enumerable, or Node.js would show it where no Pulumi runs the program.
    Object.defineProperty(this, "__pulumiRunError", { value: true });
  }

  override toString(): string {
    return packageName;
  }
}

const problem = bunProblem() ?? nodeProblem("pulumi-formations") ?? sdkProblem();
if (problem !== undefined) throw new Unusable(problem);

function bunProblem(): string | undefined {
  const { bun } = process.versions;
  if (bun === undefined) return undefined;
  return (
    `The TypeScript classes of pulumi-formations don't run on Bun (this is ${bun}): Pulumi's dynamic providers ` +
    "need Node.js. Set `runtime: nodejs` in Pulumi.yaml, or use the plugin's SDK."
  );
}

/**
 * The program may have an `@pulumi/pulumi` of its own besides the one that this package asks for: the
 * first runs the program and serves dynamic resources.
 */
function sdkProblem(): string | undefined {
  const version = [runningSdk(), ownSdk()].find((one) => one !== undefined && isSdkTooOld(one));
  if (version === undefined) return undefined;
  return (
    `The TypeScript classes of pulumi-formations need @pulumi/pulumi ${oldestSdk} or newer; this program ` +
    `has ${version}. Run \`npm install @pulumi/pulumi@latest\` in the program's folder.`
  );
}

/** The version that started this process; undefined where none did, as in a unit test of a program. */
function runningSdk(): string | undefined {
  const [folder] =
    /^.*[\\/]@pulumi[\\/]pulumi(?=[\\/]cmd[\\/])/.exec(require.main?.filename ?? "") ?? [];
  return folder === undefined ? undefined : versionIn(folder);
}

/** The version that this package imports. */
function ownSdk(): string | undefined {
  try {
    return versionIn(dirname(require.resolve("@pulumi/pulumi/package.json")));
  } catch {
    // In a bundle.
    return undefined;
  }
}

function versionIn(folder: string): string | undefined {
  try {
    const manifest: { version?: unknown } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    );
    return String(manifest.version);
  } catch {
    return undefined;
  }
}
