import { readFileSync } from "node:fs";
import { z } from "zod";
import { FormationsError } from "../../../provider/errors";
import type { Definition } from "../../../provider/resource/definition";
import { secretProperties } from "../../../provider/resource/secrets";
import type { Found } from "../model";

/** A file of secrets' values that can't be read. No message quotes it. */
export class WrongSecretValues extends FormationsError {
  readonly code = "WRONG_SECRET_VALUES";
}

const values = z.record(z.string(), z.string().min(1));

/**
 * Reads the values of secrets, by their keys: what no server returns.
 *
 * @throws WrongSecretValues if it is not a JSON object of texts
 */
export function readSecretValues(file: string): ReadonlyMap<string, string> {
  const wanted = `It has to be a JSON object that has each secret's value by its key: {"openai.api_key": "…"}.`;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // A parser's message quotes what it has read.
    const why = error instanceof SyntaxError ? "is not valid JSON" : `cannot be read: ${error}`;
    throw new WrongSecretValues(`--secret-values ${file}: the file ${why}. ${wanted}`);
  }
  const read = values.safeParse(content);
  if (read.success) return new Map(Object.entries(read.data));
  const [issue] = read.error.issues;
  const at = issue?.path.length
    ? `the value of ${JSON.stringify(issue.path[0])} is not a text that has a character`
    : "the file is not an object";
  throw new WrongSecretValues(`--secret-values ${file}: ${at}. ${wanted}`);
}

/** Resources with the values that the user gave for them, and which of those belong to none. */
export function withSecretValues(
  found: readonly Found[],
  given: ReadonlyMap<string, string>,
): { found: Found[]; unused: string[] } {
  const used = new Set<string>();
  const complete = found.map((one) => {
    const [input] = secretInputs(one.definition);
    // The ID of a secret on a server of its own begins with the server's URL.
    const key = given.has(one.id) ? one.id : one.name;
    const value = given.get(key);
    if (input === undefined || value === undefined) return one;
    used.add(key);
    return { ...one, state: { ...one.state, [input]: value } };
  });
  return { found: complete, unused: [...given.keys()].filter((key) => !used.has(key)) };
}

/** The secrets that a program has to give and no server returns. */
export function secretInputs({ inputs }: Definition): string[] {
  const secrets = secretProperties(inputs);
  return Object.entries(inputs.shape)
    .filter(([key, property]) => {
      const isNeeded = !property.safeParse(undefined).success;
      return secrets.has(key) && isNeeded && property.meta()?.writeOnly === true;
    })
    .map(([key]) => key);
}
