import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { findProgram } from "../../build/engine/on-path.ts";
import { fromNpm, type Program } from "./chromium.ts";
import { Tab } from "./tab.ts";

/** A browser without a window. */
export interface Browser {
  open(): Promise<Tab>;
  close(): Promise<void>;
}

/** Chromium: the one of the PATH or, where it has none, the one that npm has. */
export async function chromium(env = process.env): Promise<Program> {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const file = names.map((name) => findProgram(name, env)).find((found) => found !== undefined);
  return file === undefined ? fromNpm() : { file, env: {} };
}

export async function startBrowser({ file, env }: Program): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), "formations-browser-"));
  const flags = ["--headless", "--no-sandbox", "--no-zygote", "--no-first-run", "--disable-gpu"];
  const own = [`--user-data-dir=${profile}`, "--remote-debugging-port=0", "about:blank"];
  const child = spawn(file, [...flags, ...own], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "exit");
  const host = await hostOf(child.stderr);
  return {
    async open() {
      const response = await fetch(`http://${host}/json/new`, { method: "PUT" });
      const tab = z.object({ webSocketDebuggerUrl: z.string() }).parse(await response.json());
      return Tab.connect(tab.webSocketDebuggerUrl);
    },
    async close() {
      child.kill();
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Where the browser says that it listens. */
async function hostOf(output: NodeJS.ReadableStream): Promise<string> {
  const said: string[] = [];
  const lines = createInterface(output);
  for await (const line of lines) {
    const host = /^DevTools listening on ws:\/\/([^/]+)/.exec(line)?.[1];
    if (host !== undefined) {
      // Nobody reads what follows, and a full pipe would stop the browser.
      output.resume();
      return host;
    }
    said.push(line);
  }
  throw new Error(`the browser did not start:\n${said.join("\n")}`);
}
