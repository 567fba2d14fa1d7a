import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { type StackContent, stubStack } from "../command.ts";

/** A project that uses nothing. */
export const yaml = { "Pulumi.yaml": "name: scenario\nruntime: yaml\n" };

/** A project in which the command runs in this process. */
export async function world(
  content: Partial<StackContent>,
  files: Record<string, string> = yaml,
  env: Record<string, string> = {},
) {
  const stack = stubStack({ config: {}, ...content });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(stack.folder, path)), { recursive: true });
    writeFileSync(join(stack.folder, path), text);
  }
  const home = ownTemporaryFolder();
  mkdirSync(join(home, "plugins", "resource-formations-v0.1.0"), { recursive: true });
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("FORMATIONS_")) vi.stubEnv(name, undefined);
  }
  for (const [name, value] of Object.entries({ PULUMI_HOME: home, VIRTUAL_ENV: "", ...env })) {
    vi.stubEnv(name, value);
  }
  return { ...stack, home, doctor: () => stack.formations("doctor") };
}

/** The first line of what the command prints, with the project's folder as `.`. */
export async function firstLine({ folder, doctor }: Awaited<ReturnType<typeof world>>) {
  const { code, out } = await doctor();
  const [first = ""] = out.replaceAll(folder, ".").split("\n");
  return { code, first, out };
}
