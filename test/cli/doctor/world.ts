import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { compiledClone } from "../../../build/engine/package.ts";
import { runCommand } from "../../../build/engine/process.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { type StackContent, stubStack } from "../command.ts";

/** What `formations doctor` is run on, besides what a stack has. */
export interface SetUp extends Partial<StackContent> {
  /** Its environment, besides a PATH with Node.js and the stack's `pulumi`. */
  env?: Record<string, string>;
  /** Files of the project, by path. Default: a project in YAML that uses nothing. */
  files?: Record<string, string>;
  /** The versions of the plugin that are installed. Default: one. */
  plugins?: readonly string[];
  /** What runs it. Default: this Node.js. */
  node?: string;
  /** What its PATH has as `node`. Default: the same. */
  nodeOnPath?: string;
  /** Whether its PATH has no `pulumi`. */
  hasNoPulumi?: boolean;
}

/** What `formations doctor` said. */
export interface Diagnosis {
  code: number | null;
  /** The first line of the output. */
  first: string;
  out: string;
  err: string;
}

/** A set-up that the command can look at several times. */
export interface DoctorWorld {
  /** The project's folder. */
  folder: string;
  /** The temporary folder that the command's processes share. */
  temporary: string;
  /** The folders of its PATH that have `node` and `pulumi`. */
  tools: string;
  pulumi: string;
  doctor(...args: string[]): Promise<Diagnosis>;
}

/** The project of a set-up that says nothing of its files. */
const plainProject = { "Pulumi.yaml": "name: scenario\nruntime: yaml\n" };

/** Sets up a project, its stack and a machine of its own: nothing of this one's environment counts. */
export async function setUp({
  env,
  files = plainProject,
  plugins = ["0.1.0"],
  node = process.execPath,
  nodeOnPath = node,
  hasNoPulumi = false,
  ...content
}: SetUp): Promise<DoctorWorld> {
  const before = process.env.PATH ?? "";
  const stack = stubStack({ config: {}, ...content });
  const pulumi = (process.env.PATH ?? "").slice(0, -(before.length + delimiter.length));
  const temporary = ownTemporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(stack.folder, path)), { recursive: true });
    writeFileSync(join(stack.folder, path), text);
  }
  const [home, tools] = [join(temporary, "pulumi"), join(temporary, "tools")];
  for (const one of plugins) {
    mkdirSync(join(home, "plugins", `resource-formations-v${one}`), { recursive: true });
  }
  mkdirSync(tools);
  symlinkSync(nodeOnPath, join(tools, "node"));
  const cli = join(await compiledClone(), "bin", "cli", "main.js");
  const environment = {
    // The stack's `pulumi` is a script that uses `cat`.
    PATH: [tools, ...(hasNoPulumi ? [] : [pulumi, "/usr/bin", "/bin"])].join(delimiter),
    HOME: temporary,
    PULUMI_HOME: home,
    TMPDIR: temporary,
    ...env,
  };
  return {
    ...{ folder: stack.folder, temporary, tools, pulumi },
    async doctor(...args) {
      const all = [cli, "doctor", "--cwd", stack.folder, ...args];
      const run = await runCommand(node, all, { env: environment, timeoutMs: 60_000 });
      const [first = ""] = run.stdout.split("\n");
      return { code: run.code, first, out: run.stdout, err: run.stderr };
    },
  };
}
