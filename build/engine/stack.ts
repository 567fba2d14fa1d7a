import { createCipheriv, createHash, pbkdf2Sync, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeOnce } from "./cache.ts";
import { dataKey, vaultProvider } from "./vault.ts";

/** A configuration value; `secret` ones are encrypted in the stack's settings. */
export type ConfigValue = string | { secret: string };

/** A configuration value that has keys and values of its own. */
export interface Structure {
  structure: object;
}

/** Runs `pulumi` with these arguments in the project and fails when it does. */
export type RunPulumi = (args: readonly string[]) => Promise<unknown>;

/** A stack to be made, and where. */
export interface StackPlace {
  /** The folder of the Pulumi project. */
  folder: string;
  /** The project's name. */
  project: string;
  stack: string;
  /** Of its secrets. Undefined: the Vault that its commands' environment names has the key. */
  passphrase: string | undefined;
  /** The backend's folder, which is not there yet. */
  state: string;
  /** Where a template of the stack is kept for the next ones. */
  templates: string;
}

/** How a stack's secrets are encrypted, as its settings file says it. */
type Encryption = { encryptionsalt: string } | { secretsprovider: string; encryptedkey: string };

/**
 * A stack's settings file, `Pulumi.<stack>.yaml`, written as `pulumi config` writes it: each of its
 * calls takes as long as a small preview.
 */
export class StackSettings {
  readonly #file: string;
  readonly #encryption: Encryption;
  readonly #key: Buffer;
  readonly #config: Record<string, string | object> = {};

  constructor(file: string, encryption: Encryption, key: Buffer) {
    this.#file = file;
    this.#encryption = encryption;
    this.#key = key;
  }

  /** Adds configuration, by whole key. */
  async set(config: Record<string, ConfigValue | Structure>): Promise<void> {
    for (const [key, value] of Object.entries(config)) {
      if (typeof value === "string") this.#config[key] = value;
      else if ("structure" in value) this.#config[key] = value.structure;
      else this.#config[key] = { secure: encrypt(this.#key, value.secret) };
    }
    // JSON is YAML too.
    const settings = { ...this.#encryption, config: this.#config };
    await writeFile(this.#file, JSON.stringify(settings, null, 2));
  }
}

/**
 * Makes a stack. `pulumi stack init` runs once for each project name, stack and key; the files that it
 * wrote are copied for the next stacks.
 */
export async function makeStack(place: StackPlace, run: RunPulumi): Promise<StackSettings> {
  const { folder, project, stack, passphrase, state, templates } = place;
  const file = `Pulumi.${stack}.yaml`;
  const names = JSON.stringify([project, stack, passphrase ?? vaultProvider]);
  const provider = passphrase === undefined ? ["--secrets-provider", vaultProvider] : [];
  const hash = createHash("sha256").update(names).digest("hex").slice(0, 12);
  const template = join(templates, `stack-${hash}`);
  await makeOnce(template, async (temporary) => {
    await mkdir(state);
    await run(["stack", "init", stack, ...provider]);
    await cp(state, join(temporary, "state"), { recursive: true });
    await cp(join(folder, file), join(temporary, file));
    const settings = settingsIn(join(temporary, file));
    const key =
      "encryptedkey" in settings
        ? dataKey(settings.encryptedkey)
        : keyOf(passphrase ?? "", settings.encryptionsalt);
    await writeFile(join(temporary, "key"), key);
  });
  if (!existsSync(state)) await cp(join(template, "state"), state, { recursive: true });
  const settings = settingsIn(join(template, file));
  return new StackSettings(join(folder, file), settings, readFileSync(join(template, "key")));
}

function settingsIn(file: string): Encryption {
  const text = readFileSync(file, "utf8");
  const [salt, provider, key] = ["encryptionsalt", "secretsprovider", "encryptedkey"].map(
    (name) => new RegExp(`^${name}: (\\S+)$`, "m").exec(text)?.[1],
  );
  if (salt !== undefined) return { encryptionsalt: salt };
  if (provider === undefined || key === undefined) throw new Error(`${file} has no key`);
  return { secretsprovider: provider, encryptedkey: key };
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
