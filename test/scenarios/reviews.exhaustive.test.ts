import { expect, test } from "vitest";
import { z } from "zod";
import { formation, stackOf } from "./formation-support.ts";

const digest = z.object({
  diagnostics: z.array(z.object({ severity: z.string(), urn: z.string().optional() })),
  steps: z.array(z.object({ op: z.string(), urn: z.string() })),
});

const loss = "the new formation starts EMPTY";

test.each([{ host: "plugin" }, { host: "dynamic" }] as const)(
  "$host: a plain preview has the warning of lost data in its output, --diff on standard error, --json in its diagnostics",
  async ({ host }) => {
    const program = (change = {}) => formation(change, {}, "events");
    const { workspace, declare } = await stackOf(program(), { host });
    await workspace.up();
    await declare(program({ workerCount: 5 }));

    const plain = await workspace.pulumi(["preview"]);
    expect(plain.stdout).toContain(loss);
    const rich = await workspace.pulumi(["preview", "--diff"]);
    expect(rich.stdout).toContain("(replace)");
    expect(rich.stdout).not.toContain(loss);
    expect(rich.stderr).toContain(loss);
    const { stdout } = await workspace.pulumi(["preview", "--json"]);
    const { diagnostics, steps } = digest.parse(JSON.parse(stdout));
    const [first] = diagnostics;
    expect(first?.severity).toBe("warning");
    expect(first?.urn).toMatch(/:Formation::events$/);
    const step = steps.find(({ urn }) => /:(Formation|Replica)::/.test(urn));
    expect(step?.op).toBe("replace");
  },
);
