import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formations, stubStack } from "./command.ts";

test.each([
  [
    ["disover"],
    "Unknown command 'disover'. Did you mean discover?\n`formations --help` lists the commands.",
  ],
  [
    ["recover", "--stak", "dev"],
    "Unknown option '--stak'. Did you mean --stack?\n`formations recover --help` shows how to use it.",
  ],
  [
    ["backups", "rnu"],
    "Unknown command 'rnu'. Did you mean run?\n`formations backups --help` shows how to use it.",
  ],
  [["recover", "--stack"], "Option '-s, --stack <name>' needs a value.\n"],
  [
    ["recover", "extra"],
    "Too many arguments for 'recover'. Expected 0 arguments but got 1: extra.\n",
  ],
  [["backups", "restore"], "Missing required argument 'backup-id'.\n"],
  [
    ["completion", "tcsh"],
    "'tcsh' is not a valid value of 'shell'. Allowed choices are bash, zsh, fish.\n",
  ],
  [
    ["backups", "take", "a b"],
    "'a b' is not a valid value of 'backup-id'. A backup ID has 1 to 128 characters:",
  ],
  [
    ["backups", "list", "--timeout", "9x"],
    "'9x' is not a valid value of '--timeout <time>'. Use a number and a unit:",
  ],
])("%j: every error about arguments is told in sentences", async (args, message) => {
  const { code, out, err } = await formations(...args);

  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(/^formations: /);
  expect(err.slice("formations: ".length)).toContain(message);
});

// `--stack "$STACK"` must not go to the selected stack, only since the variable is not set.
test.each([
  ["recover", "--stack"],
  ["recover", "--cwd"],
  ["environments", "--stack"],
  ["backups run", "--stack"],
  ["backups run", "--file"],
  ["discover", "--system"],
])("%s %s does not take an empty value for none", async (command, flag) => {
  const { code, err } = await formations(...command.split(" "), flag, "");

  expect(code).toBe(1);
  expect(err).toMatch(new RegExp(`^formations: '' is not a valid value of '.*${flag} <`));
  expect(err).toContain("Give a value, or leave the flag out.");
});

test.each(["status", "list", "run"])("backups %s says where it found no schedule", async (name) => {
  const stack = stubStack({ config: {} });
  writeFileSync(join(stack.folder, "Pulumi.yaml"), "name: shop\nruntime: yaml\n");

  const { code, out, err } = await stack.formations("backups", name);

  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(/^formations: There is no schedule in the selected stack\. Name another/);
});
