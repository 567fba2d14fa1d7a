import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { compiledClone } from "../../../build/engine/package.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";

/** A `formations` that runs in a process of its own. */
export interface Started {
  child: ChildProcessByStdio<null, Readable, Readable>;
  out: () => string;
  err: () => string;
  /** Resolves with its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
}

/** A user with a temporary folder of their own, in which nothing is left when all has gone well. */
export interface User {
  temporary: string;
  formations(...args: string[]): Started;
  /** Runs it to its end. */
  run(...args: string[]): Promise<{ code: unknown; out: string; err: string }>;
  /** What `formations` keeps for this user at the moment. */
  left(): string[];
}

/** @param env besides the PATH and the temporary folder. */
export async function newUser(env: Record<string, string> = {}): Promise<User> {
  const main = join(await compiledClone(), "bin", "cli", "main.js");
  const temporary = ownTemporaryFolder();
  const formations = (...args: string[]): Started => {
    const child = spawn(process.execPath, [main, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, TMPDIR: temporary, ...env },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    const ended = once(child, "close").then(([code, signal]) => code ?? signal);
    return { ...{ child, ended }, out: () => out, err: () => err };
  };
  return {
    ...{ temporary, formations },
    async run(...args) {
      const { ended, out, err } = formations(...args);
      return { code: await ended, out: out(), err: err() };
    },
    left: () =>
      readdirSync(temporary, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.includes("simulation-"),
      ),
  };
}
