import { createHash } from "node:crypto";
import type { NamingMode } from "./naming";

/*
 * Pulumi's configuration `pulumi:autonaming`, for the classes: the engine applies it for a plugin, but tells
 * a dynamic provider nothing of it. Names are the engine's, except for what is random in them: that is made
 * from what the name belongs to, so that a creation that was killed is found again.
 *
 * The classes import this file at the start of every program: it must not load zod.
 */

/** What is configured for one resource. */
export interface ConfiguredNaming {
  mode: NamingMode;
  /** Of the name, where the mode is `propose` or `enforce`. */
  pattern: string;
}

/** The configuration is not valid: the rest of a sentence that begins with its place. */
export class InvalidNaming extends Error {}

interface Section {
  mode?: unknown;
  pattern?: unknown;
  enforce?: unknown;
}

const byDefault: ConfiguredNaming = { mode: "default", pattern: "" };

const modes: Partial<Record<string, ConfiguredNaming>> = {
  default: byDefault,
  verbatim: { mode: "enforce", pattern: `\${name}` },
  disabled: { mode: "disable", pattern: "" },
};

/**
 * What the configuration says of a resource: its own section decides, then its provider's, then the whole.
 *
 * @param config the value of `pulumi:autonaming`; undefined: it is not set
 * @param provider its package: `formations`
 * @param token its type: `formations:index:Formation`
 * @throws InvalidNaming naming the section at fault
 */
export function configuredNaming(
  config: unknown,
  provider: string,
  token: string,
): ConfiguredNaming {
  const whole = sectionIn(config ?? {}, "pulumi:autonaming", ["providers"]);
  const providers = sectionIn(whole.providers ?? {}, "pulumi:autonaming.providers");
  const place = `pulumi:autonaming.providers.${provider}`;
  const own = sectionIn(providers[provider] ?? {}, place, ["resources"]);
  const resources = sectionIn(own.resources ?? {}, `${place}.resources`);
  const at = `${place}.resources["${token}"]`;
  const one = resources[token] === undefined ? undefined : sectionIn(resources[token], at, []);
  const found = one && namingIn(one, at);
  if (one && !found) throw new InvalidNaming(`${at} has neither a mode nor a pattern`);
  return found ?? namingIn(own, place) ?? namingIn(whole, "pulumi:autonaming") ?? byDefault;
}

/** @param further keys besides those of every section; undefined: any keys */
function sectionIn(
  value: unknown,
  place: string,
  further?: readonly string[],
): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidNaming(`${place} is ${JSON.stringify(value)}; it must have keys and values`);
  }
  const known = further && ["mode", "pattern", "enforce", ...further];
  const wrong = Object.keys(value).find((key) => known && !known.includes(key));
  if (wrong === undefined) return { ...value };
  throw new InvalidNaming(`${place} has the unknown key "${wrong}". Keys: ${known?.join(", ")}`);
}

function namingIn(
  { mode, pattern, enforce }: Section,
  place: string,
): ConfiguredNaming | undefined {
  if (mode !== undefined && (pattern !== undefined || enforce !== undefined)) {
    throw new InvalidNaming(`${place} has a mode and a pattern; only one of them is allowed`);
  }
  if (mode !== undefined) return modeIn(mode, place);
  if (pattern === undefined) {
    if (enforce === undefined) return undefined;
    throw new InvalidNaming(`${place} has enforce without a pattern`);
  }
  if (typeof pattern !== "string") {
    throw new InvalidNaming(`${place}.pattern is ${JSON.stringify(pattern)}; it must be a text`);
  }
  if (![undefined, true, false, "true", "false"].includes(enforce as boolean)) {
    throw new InvalidNaming(
      `${place}.enforce is ${JSON.stringify(enforce)}; it must be true or false`,
    );
  }
  return { mode: String(enforce) === "true" ? "enforce" : "propose", pattern };
}

function modeIn(mode: unknown, place: string): ConfiguredNaming {
  const found = typeof mode === "string" && Object.hasOwn(modes, mode) ? modes[mode] : undefined;
  if (found) return found;
  const known = Object.keys(modes).join(", ");
  throw new InvalidNaming(`${place}.mode is ${JSON.stringify(mode)}; allowed: ${known}`);
}

/** Where a program runs. One is read only where a pattern has it. */
interface Facts {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
}

/** What the expressions of a pattern stand for. */
export interface PatternContext extends Facts {
  /** The name that the program gives the resource in Pulumi. */
  logicalName: string;
  /** The project's value of a configuration key, or of a path in it. */
  config(path: string): string | undefined;
}

/**
 * Fills in a pattern, as the engine does; what is random is left unchanged.
 *
 * @throws InvalidNaming if it names a key without a value
 */
export function filledPattern(pattern: string, context: PatternContext): string {
  return pattern
    .replaceAll(/\$\{(organization|project|stack)\}/g, (_, fact: keyof Facts) => context[fact])
    .replaceAll(/\$\{config\.([^}]+)\}/g, (expression, path: string) => {
      const value = context.config(path);
      if (value !== undefined) return value;
      throw new InvalidNaming(
        `the pattern ${JSON.stringify(pattern)} has ${expression}, and ${context.project}:${path} is not set`,
      );
    })
    .replaceAll(/\$\{name\}/g, () => context.logicalName);
}

const letters = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const alphabets: Partial<Record<string, string>> = {
  hex: `${digits}abcdef`,
  alphanum: `${letters}${digits}`,
  string: letters,
  num: digits,
};

const random = /\$\{(?:(hex|alphanum|string|num)\((\d+)\)|uuid)\}/g;

/** Whether a pattern has parts that the engine draws anew in each run. */
export function hasRandom(pattern: string): boolean {
  return pattern.search(random) >= 0;
}

/**
 * Fills in what is random in a pattern, from what the name belongs to: the same origin always makes the
 * same name.
 */
export function withDrawn(pattern: string, origin: string): string {
  let drawn = 0;
  const from = (alphabet: string, length: number) =>
    Array.from({ length }, () => {
      drawn += 1;
      return alphabet[numberFrom(`${origin} ${drawn}`) % alphabet.length];
    }).join("");
  return pattern.replaceAll(random, (_, kind: string | undefined, length: string) => {
    const alphabet = kind === undefined ? undefined : alphabets[kind];
    if (alphabet !== undefined) return from(alphabet, Number(length));
    const parts = [8, 4, 4, 4, 12].map((size) => from(alphabets.hex ?? digits, size));
    return parts.join("-");
  });
}

function numberFrom(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE();
}
