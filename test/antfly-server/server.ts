import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { type RunningCommand, startCommand, tail } from "../../build/engine/process.ts";
import { holdPort } from "../support/held-port.ts";
import { ensureAntfly, type Installed, type Release } from "./install.ts";

/** The connections of every server: their capabilities and, below its own folder, their root. */
const connections = {
  bk: { capabilities: ["backup.write", "backup.read", "restore.read"], root: "backups" },
  ro: { capabilities: ["backup.read"], root: "backups" },
  noroot: { capabilities: ["backup.write", "backup.read", "restore.read"], root: "missing" },
};

/** An S3 that nobody serves: TCP's discard port. */
const s3 = {
  kind: "external_io",
  capabilities: ["backup.write", "backup.read", "restore.read"],
  external_io: {
    protocol: "s3",
    buckets: ["mybucket"],
    endpoint: "http://127.0.0.1:9",
    region: "us-east-1",
  },
};

/** 0.2.2 seeds a user admin with this password; 0.2.5 takes the one that it is told. */
const passwords: Record<Release, string> = { "0.2.2": "admin", "0.2.5": "admin-password-7c1f" };

const startMs = 20_000;
const lifeMs = 30 * 60_000;
const key = z.object({ encoded: z.string() });

/** Where a server finds the same backups as another one. */
export interface AntflyServerOptions {
  release: Release;
  /** The folder of the connections' root `backups`; default: one of its own. */
  backups?: string;
}

/** A real server on loopback, with authentication and a data folder of its own. */
export class AntflyServer {
  /** Roots of the API and of the health port. */
  url = "";
  healthUrl = "";
  /** An administrator's API key, as `antflyApiKey` takes it. */
  apiKey = "";
  readonly release: Release;
  /** The folder in which `file://` locations lie. */
  readonly backups: string;
  readonly #installed: Installed;
  readonly #directory: string;
  #process: RunningCommand | undefined;
  #log: string[] = [];
  readonly #atExit = () => this.#process?.kill();

  private constructor(options: AntflyServerOptions, installed: Installed, directory: string) {
    this.release = options.release;
    this.backups = options.backups ?? join(directory, "backups");
    this.#installed = installed;
    this.#directory = directory;
  }

  /**
   * Starts a server in a new folder.
   *
   * @throws Error saying why the release can't run here, or with the server's last words
   */
  static async start(options: AntflyServerOptions): Promise<AntflyServer> {
    const installed = await ensureAntfly(options.release, process.env, (line) =>
      process.stderr.write(`${line}\n`),
    );
    const directory = await mkdtemp(join(tmpdir(), "antfly-server-"));
    const server = new AntflyServer(options, installed, directory);
    try {
      await mkdir(server.backups, { recursive: true });
      await server.#run();
      server.apiKey = await server.#makeKey();
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** The Authorization header of the user admin. */
  get authorization(): string {
    const credential = Buffer.from(`admin:${passwords[this.release]}`).toString("base64");
    return `Basic ${credential}`;
  }

  /** Sends a request as admin; the path from the root. @throws Error where it is not answered with 2xx */
  async send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: this.authorization },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return response.headers.get("content-type") === "application/json" ? JSON.parse(text) : text;
  }

  /** Makes a table with these documents. */
  async addTable(name: string, documents: Record<string, unknown> = {}): Promise<void> {
    await this.send("POST", `/db/v1/tables/${name}`, {});
    if (Object.keys(documents).length === 0) return;
    await this.send("POST", `/db/v1/tables/${name}/batch`, { inserts: documents });
  }

  /** Ends it at once and removes its folder. */
  async close(): Promise<void> {
    this.#process?.kill();
    await this.#process?.done.catch(() => {});
    process.off("exit", this.#atExit);
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  async #run(): Promise<void> {
    const config = join(this.#directory, "config.json");
    await writeFile(config, JSON.stringify({ connections: this.#connections() }));
    await using api = await holdPort();
    await using health = await holdPort();
    this.url = `http://127.0.0.1:${api.port}`;
    this.healthUrl = `http://127.0.0.1:${health.port}`;
    const data = join(this.#directory, "data");
    const address = ["--host", "127.0.0.1", "--port", `${api.port}`];
    const ports = [...address, "--health-port", `${health.port}`];
    const { binary, preload } = this.#installed;
    this.#process = startCommand(
      binary,
      ["standalone", ...ports, "--data-dir", data, "--auth", "true", "--config", config],
      {
        cwd: this.#directory,
        env: {
          PATH: process.env.PATH,
          HOME: this.#directory,
          ANTFLY_BOOTSTRAP_ADMIN_PASSWORD: passwords[this.release],
          ...(preload && { LD_PRELOAD: preload }),
        },
        timeoutMs: lifeMs,
        onLine: (line) => this.#log.push(line),
      },
    );
    process.on("exit", this.#atExit);
    const ended = this.#process.done.then(
      ({ code, signal }) => `it ended with ${code ?? signal}`,
      (error: Error) => error.message,
    );
    const failure = await Promise.race([ended, this.#answers()]);
    if (failure) throw new Error(`${failure}\n${tail(this.#log.join("\n"), 10)}`);
  }

  /** What went wrong; undefined: it is up. */
  async #answers(): Promise<string | undefined> {
    const until = Date.now() + startMs;
    while (Date.now() < until) {
      const answer = await fetch(`${this.url}/healthz`).catch(() => undefined);
      if (answer?.ok) return undefined;
      await delay(20);
    }
    return `it did not answer within ${startMs / 1000} s`;
  }

  async #makeKey(): Promise<string> {
    const made = await this.send("POST", "/auth/v1/users/admin/api-keys", { name: "tests" });
    return key.parse(made).encoded;
  }

  #connections() {
    const filesystems = Object.entries(connections).map(([name, { capabilities, root }]) => {
      const folder = root === "backups" ? this.backups : join(this.#directory, root);
      const external_io = { protocol: "filesystem", root: folder };
      return [name, { kind: "external_io", capabilities, external_io }];
    });
    return { ...Object.fromEntries(filesystems), s3 };
  }
}
