import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { compiledClone, installPackage } from "../../build/engine/package.ts";

/** What a stubbed `pulumi preview` of a stack does. */
export interface StubPreview {
  out?: string;
  err?: string;
  code?: number;
}

/** Replacements for the programs that a job installs, in a folder for PATH. */
export interface Stubs {
  path: string;
  /** Says what `pulumi preview` of a stack does from now on. */
  preview(stack: string, preview: StubPreview): void;
}

const npm = (modules: string) => `#!/bin/sh
test "$*" = "ci --ignore-scripts" || exit 1
ln -sfn '${modules}' node_modules
`;

const pulumi = (answers: string) => `#!/bin/sh
command=$1 stack=$3
test "$2" = --stack || exit 1
case $command in
  preview) cat '${answers}'/"$stack.out"; cat '${answers}'/"$stack.err" >&2; exit "$(cat '${answers}'/"$stack.code")" ;;
  up) echo "up $stack done with token \${FORMATIONS_CITUS_TOKEN:-none}" ;;
  *) exit 1 ;;
esac
`;

/**
 * Makes a folder with `npm`, which lays out the package as it is in this clone, and `pulumi`, which previews what it
 * is told.
 */
export async function makeStubs(scratch: string): Promise<Stubs> {
  const [folder, answers] = [join(scratch, "stubs"), join(scratch, "answers")];
  const modules = await makeModules(scratch);
  for (const one of [folder, answers]) mkdirSync(one);
  program(join(folder, "pulumi"), pulumi(answers));
  // What installs the CLI, which is here already, and what would copy a repository for containers.
  for (const name of ["curl", "rsync"]) program(join(folder, name), "#!/bin/sh\n");
  return {
    path: npmStub(
      scratch,
      modules,
      [folder, dirname(process.execPath), process.env.PATH].join(delimiter),
    ),
    preview(stack, { out = "", err = "", code = 0 }) {
      const files = { out, err, code: `${code}` };
      for (const [name, text] of Object.entries(files)) {
        writeFileSync(join(answers, `${stack}.${name}`), text);
      }
    },
  };
}

/** A `node_modules` with a link to this clone, and its command. */
async function makeModules(scratch: string): Promise<string> {
  const clone = await compiledClone();
  const modules = join(scratch, "node_modules");
  mkdirSync(modules);
  symlinkSync(clone, join(modules, "pulumi-formations"));
  addCommand(modules);
  return modules;
}

/** A `node_modules` with the package as npm installs it, and its command. */
export async function installedPackage(scratch: string): Promise<string> {
  const folder = join(scratch, "installed");
  await installPackage(folder, "packed");
  const modules = join(folder, "node_modules");
  addCommand(modules);
  return modules;
}

/** A PATH on which `npm ci` lays out that `node_modules`. */
export function npmStub(scratch: string, modules: string, path = ""): string {
  const folder = join(scratch, "npm");
  mkdirSync(folder);
  program(join(folder, "npm"), npm(modules));
  return [folder, path].join(delimiter);
}

/** Adds the command `formations`, as npm does. */
function addCommand(modules: string): void {
  mkdirSync(join(modules, ".bin"));
  const main = join(modules, "pulumi-formations", "bin", "cli", "main.js");
  program(join(modules, ".bin", "formations"), `#!/bin/sh\nexec node '${main}' "$@"\n`);
}

/** Writes an executable script. */
function program(file: string, text: string): void {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}
