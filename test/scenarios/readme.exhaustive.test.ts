import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createWorkspace } from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import { Platform } from "../../simulators/platform.ts";

const readme = readFileSync(join(repository, "README.md"), "utf8");

/** The README's blocks of code in one language. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, code = ""]) => code,
  );
}

test("the README's TypeScript programs run as they are, as one, against the simulators that it names", async () => {
  const platform = await new Platform(5_000).start();
  onTestFinished(() => platform.close());
  const workspace = await createWorkspace({
    program: blocks("ts").join("\n"),
    config: { "scenario:openaiApiKey": { secret: "sk-d41c" } },
    env: { ...platform.urls, ...platform.tokens, FORMATIONS_CITUS_REQUESTS_PER_MINUTE: "6000" },
  });
  onTestFinished(() => workspace.dispose());

  expect((await workspace.up()).changes).toEqual({ create: blocks("ts").length + 1 });
  expect((await workspace.preview()).changes).toEqual({ same: blocks("ts").length + 1 });
});
