import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test, vi } from "vitest";
import { stacksOf } from "../../../cli/stack/pulumi.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";

test("a backend that never responds ends a command of Pulumi that has a limit", async () => {
  const folder = ownTemporaryFolder();
  const pulumi = join(folder, "pulumi");
  // As Pulumi's own command, it heeds no gentle signal while it waits.
  const script = `#!/bin/sh
[ "$1" = version ] && exec echo v3.1000.0
trap '' TERM
exec sleep 600
`;
  writeFileSync(pulumi, script);
  chmodSync(pulumi, 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);

  await expect(stacksOf(folder, 500)).rejects.toThrow(
    "`pulumi stack ls` failed:\nit did not end within 0.5 s.",
  );
});
