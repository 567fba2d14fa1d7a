import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createWorkspace } from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import { Platform } from "../../simulators/platform.ts";

/** The TypeScript programs that people wrote on pages. */
function programs(pages: string): string[] {
  const files = globSync(pages, { cwd: repository }).sort();
  const text = files.map((file) => readFileSync(join(repository, file), "utf8")).join("\n");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
}

test.each([
  ["README.md", 1],
  ["docs/resources/*.md", 6],
  ["docs/moving-from-terraform.md", 2],
])(
  "the TypeScript programs of %s run as they are, as one, against the simulators",
  async (page, resources) => {
    const platform = await new Platform(5_000).start();
    onTestFinished(() => platform.close());
    const workspace = await createWorkspace({
      program: programs(page).join("\n"),
      config: { "scenario:openaiApiKey": { secret: "sk-d41c" } },
      env: { ...platform.urls, ...platform.tokens, FORMATIONS_CITUS_REQUESTS_PER_MINUTE: "6000" },
    });
    onTestFinished(() => workspace.dispose());

    expect((await workspace.up()).changes).toEqual({ create: resources });
    expect((await workspace.preview()).changes).toEqual({ same: resources });
  },
);
