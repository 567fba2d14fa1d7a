import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { lockFile } from "../../process/file-lock";
import { preparePrivateFolder } from "../../process/private-folder";
import { replaceFile } from "../../process/replace-file";
import { emptyWindow, type Window, windowSchema } from "./sliding-window";

/** Longer in all than a stale lock can block; each pause is short compared to a request. */
const lockRetries = { retries: 60, minTimeout: 20, maxTimeout: 200, factor: 1.3, randomize: true };

/** Whose requests a window counts. */
export interface Counted {
  /** The system's name, as a user knows it: `Citus Cloud`. */
  system: string;
  /** The credential that the server counts requests by; only a hash of it is written. */
  token: string;
}

/** The name of the file in which the requests with a credential are counted. */
export function windowName({ system, token }: Counted): string {
  return `${createHash("sha256").update(`${system}\n${token}`).digest("hex")}.json`;
}

/** Reads a window. A file that is missing or malformed has an empty one. */
export async function readWindow(path: string): Promise<Window> {
  try {
    return windowSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return emptyWindow;
  }
}

/** A window that processes share: a small file, read and replaced under a lock. */
export class WindowFile {
  /** Where it is. */
  readonly path: string;
  readonly #folder: string;
  readonly #warn: (reason: string) => void;
  #lastSeen: Window = emptyWindow;
  #warned = false;

  /** @param warn called once, if the file cannot be used and this process has to count alone */
  constructor(folder: string, name: string, warn: (reason: string) => void) {
    this.#folder = folder;
    this.path = join(folder, name);
    this.#warn = warn;
  }

  /** Replaces the window by what `change` returns. Never fails: see the constructor's `warn`. */
  async update<Result extends { window: Window }>(
    change: (window: Window) => Result,
  ): Promise<Result> {
    const result = await this.#updateFile(change).catch((error: unknown) => {
      if (!this.#warned) this.#warn(error instanceof Error ? error.message : String(error));
      this.#warned = true;
      return change(this.#lastSeen);
    });
    this.#lastSeen = result.window;
    return result;
  }

  async #updateFile<Result extends { window: Window }>(
    change: (window: Window) => Result,
  ): Promise<Result> {
    await preparePrivateFolder(this.#folder);
    const release = await lockFile(this.path, lockRetries);
    try {
      const result = change(await readWindow(this.path));
      replaceFile(this.path, JSON.stringify(result.window), 0o600);
      return result;
    } finally {
      await release();
    }
  }
}
