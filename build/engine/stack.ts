import { createCipheriv, createHash, pbkdf2Sync, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeOnce } from "./cache.ts";

/** A configuration value; `secret` ones are encrypted in the stack's settings. */
export type ConfigValue = string | { secret: string };

/** Runs `pulumi` with these arguments in the project and fails when it does. */
export type RunPulumi = (args: readonly string[]) => Promise<unknown>;

/** A stack to be made, and where. */
export interface StackPlace {
  /** The folder of the Pulumi project. */
  folder: string;
  /** The project's name. */
  project: string;
  stack: string;
  passphrase: string;
  /** The backend's folder, which is not there yet. */
  state: string;
  /** Where a template of the stack is kept for the next ones. */
  templates: string;
}

/**
 * A stack's settings file, `Pulumi.<stack>.yaml`, written as `pulumi config` writes it: each of its
 * calls derives the passphrase's key anew, which takes as long as a small preview.
 */
export class StackSettings {
  readonly #file: string;
  readonly #salt: string;
  readonly #key: Buffer;
  readonly #config: Record<string, string | { secure: string }> = {};

  constructor(file: string, salt: string, key: Buffer) {
    this.#file = file;
    this.#salt = salt;
    this.#key = key;
  }

  /** Adds configuration, by whole key. */
  async set(config: Record<string, ConfigValue>): Promise<void> {
    for (const [key, value] of Object.entries(config)) {
      this.#config[key] =
        typeof value === "string" ? value : { secure: encrypt(this.#key, value.secret) };
    }
    // JSON is YAML too.
    const settings = { encryptionsalt: this.#salt, config: this.#config };
    await writeFile(this.#file, JSON.stringify(settings, null, 2));
  }
}

/**
 * Makes a stack. `pulumi stack init` runs once for each project name, stack and passphrase; the files
 * that it wrote are copied for the next stacks.
 */
export async function makeStack(place: StackPlace, run: RunPulumi): Promise<StackSettings> {
  const { folder, project, stack, passphrase, state, templates } = place;
  const file = `Pulumi.${stack}.yaml`;
  const names = JSON.stringify([project, stack, passphrase]);
  const hash = createHash("sha256").update(names).digest("hex").slice(0, 12);
  const template = join(templates, `stack-${hash}`);
  await makeOnce(template, async (temporary) => {
    await mkdir(state);
    await run(["stack", "init", stack]);
    await cp(state, join(temporary, "state"), { recursive: true });
    await cp(join(folder, file), join(temporary, file));
    const salt = saltIn(join(temporary, file));
    await writeFile(join(temporary, "key"), keyOf(passphrase, salt));
  });
  if (!existsSync(state)) await cp(join(template, "state"), state, { recursive: true });
  const salt = saltIn(join(template, file));
  return new StackSettings(join(folder, file), salt, readFileSync(join(template, "key")));
}

function saltIn(file: string): string {
  const salt = /^encryptionsalt: (\S+)$/m.exec(readFileSync(file, "utf8"))?.[1];
  if (salt === undefined) throw new Error(`${file} has no encryption salt`);
  return salt;
}

/** The key that Pulumi derives: `v1:<salt>:<a text to try the key on>`. */
function keyOf(passphrase: string, encryptionSalt: string): Buffer {
  const salt = Buffer.from(encryptionSalt.split(":")[1] ?? "", "base64");
  return pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
}

/** A secret in Pulumi's form: `v1:<nonce>:<AES-256-GCM, the tag at the end>`. */
function encrypt(key: Buffer, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const encrypted = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const sealed = Buffer.concat([encrypted, cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}
