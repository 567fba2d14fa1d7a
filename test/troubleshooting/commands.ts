import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { server } from "../cli/backups/invocation.ts";
import { formations, type Outcome, stubStack } from "../cli/command.ts";
import { stepOf, textOf } from "../cli/explain/previews.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

const place = ["--location", "file:///backups", "--connection", "bk"];

/** A backup of a server that is configured, and a command on backups. */
async function backups(...args: string[]): Promise<Outcome> {
  const antfly = await server();
  antfly.addBackup("file:///backups", "b1");
  return formations("backups", ...args);
}

/** `formations explain` of a preview with one change. */
async function explain(...args: string[]): Promise<Outcome> {
  const file = join(ownTemporaryFolder(), "preview.json");
  const applied = { app: "shop-default", type: "web", size: "gp1", quantity: 1 };
  const desired = { ...applied, size: "gp2" };
  const step = stepOf({ type: "AppFormation", op: "update", name: "web", applied, desired });
  writeFileSync(file, textOf([step]));
  return formations("explain", file, ...args);
}

/** A file of the running test with a content. */
function file(name: string, content: string): string {
  const path = join(ownTemporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

const stack = () => stubStack({ config: {} });

const failures: Readonly<Record<string, () => Promise<Outcome>>> = {
  BACKUP_FAILED: () => backups("take", "b1", ...place),
  EXPECTATION_UNREADABLE: () => explain("--expect", file("reviewed.txt", "nothing")),
  LENGTH_TOO_SMALL: () => explain("--format", "markdown", "--max-length", "100"),
  PULUMI_FAILED: () => {
    const err = "error: no stack named 'prod' found";
    const { formations } = stubStack({ config: {}, failing: { "stack export": { err } } });
    return formations("recover");
  },
  PULUMI_TOO_OLD: () => stubStack({ config: {}, version: "v3.258.9" }).formations("recover"),
  RESTORE_FAILED: () => backups("restore", "b1", ...place),
  SIMULATION_FAILED: () => {
    ownTemporaryFolder();
    return formations("simulate", "list");
  },
  UNKNOWN_TOPIC: () => formations("help", "backup"),
  UNREADABLE_PREVIEW: () => formations("explain", file("preview.json", '{"steps": [')),
  WRONG_ADOPTION: () => stack().formations("recover", "--adopt", "web=shop-dev/web"),
  WRONG_ADOPTION_FILE: () =>
    stack().formations("recover", "--adopt-file", file("adopt.json", "[]")),
  WRONG_DISCOVERY: () => formations("discover", "--system", "citrus"),
  WRONG_IMPORT_FILE: () => formations("discover", "--complete", file("fleet.json", "[]")),
  WRONG_PLACE: () => formations("backups", "list"),
  WRONG_PRICES: () => explain("--prices", file("prices.json", "$ 5")),
  WRONG_SCHEDULE: () => {
    const schedule = ["--schedule", "0 25 * * *", "--prefix", "nightly", ...place];
    return backups("status", ...schedule);
  },
  WRONG_SECRET_VALUES: () => {
    const values = file("values.json", '["sk"]');
    return formations("discover", "--import", "fleet.json", "--secret-values", values);
  },
};

/** What `formations` refuses or fails, by code: each in full, as it prints it. */
export const ofCommands = Object.entries(failures).map(([code, fail]) => ({
  code,
  async say(): Promise<string> {
    const { code: exitCode, err } = await fail();
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^formations: /);
    return err.replace("formations: ", "");
  },
}));
