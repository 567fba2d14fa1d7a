import type { z } from "zod";
import type { Definition, FunctionDefinition } from "./definition";
import { InvalidArguments } from "./errors";
import { propertiesOf, schemaOf } from "./json-schema";
import { isSecretAt, secretProperties, secretsOf } from "./secrets";
import { didYouMean } from "./suggestions";
import { containsUnknown, show, type Values, visible } from "./values";

/** A wrong input: where it is, as the schema names it, and what is allowed instead. */
export interface CheckFailure {
  /** The path of the input: `workerTune`, `options.env.PORT`, `tableNames[3]`. */
  property: string;
  reason: string;
}

/** A rule between inputs. It is asked only when all of `properties` that are set are known. */
export interface Constraint<Inputs> {
  /** The inputs that it reads; a failure is reported at the first. */
  properties: readonly string[];
  /** Says what is wrong, or nothing. */
  check(inputs: Inputs): string | undefined;
}

/** Checked inputs: normalised, without hidden keys; unknowns stand where they stood. */
export interface Checked {
  inputs: Values;
  failures: CheckFailure[];
}

/** What a check goes by besides the schema. */
export interface ValidationOptions<Inputs> {
  constraints?: readonly Constraint<Inputs>[];
  /** Inputs that are secrets besides those of the schema: no failure shows them. */
  secrets?: ReadonlySet<string>;
  /** What is checked, for messages. Default: a resource's inputs. */
  of?: { noun: string; owner: string };
}

const ofResource = { noun: "input", owner: "this resource" };

/**
 * Checks inputs against a schema and the constraints between them, and finds every failure at once.
 * Unknown values never fail. No I/O.
 */
export function validate<Inputs>(
  schema: z.ZodObject,
  news: Values,
  { constraints = [], secrets, of = ofResource }: ValidationOptions<Inputs> = {},
): Checked {
  const given = visible(news);
  const inputs: Values = {};
  const failures: CheckFailure[] = [];
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(schema.shape, key)) {
      failures.push({ property: key, reason: unknownKey(key, Object.keys(schema.shape), of) });
    } else if (containsUnknown(value)) {
      inputs[key] = value;
    }
  }
  for (const [key, property] of Object.entries(schema.shape)) {
    if (key in inputs) continue;
    const result = (property as z.ZodType).safeParse(given[key]);
    if (!result.success) {
      failures.push(
        ...result.error.issues.map((issue) =>
          describeIssue(
            key,
            issue,
            given[key],
            secrets?.has(key) || isSecretAt(secretsOf(property as z.ZodType), issue.path),
          ),
        ),
      );
    } else if (result.data !== undefined) {
      inputs[key] = result.data;
    }
  }
  const wrong = new Set(failures.map((failure) => failure.property.split(/[.[]/)[0]));
  for (const constraint of constraints) {
    const [first] = constraint.properties;
    if (constraint.properties.some((key) => wrong.has(key) || containsUnknown(inputs[key])))
      continue;
    const reason = constraint.check(inputs as Inputs);
    if (reason === undefined || !first) continue;
    const isSecret = constraint.properties.some((key) => secrets?.has(key));
    const hidden = `is (secret), which does not fit together: ${constraint.properties.join(", ")}`;
    failures.push({ property: first, reason: isSecret ? hidden : reason });
  }
  return { inputs, failures };
}

function unknownKey(key: string, known: readonly string[], { noun, owner }: typeof ofResource) {
  const all = known.length > 0 ? `its ${noun}s are ${known.join(", ")}` : `it has no ${noun}s`;
  return `is no ${noun} of ${owner}; ${all}${didYouMean(key, known)}`;
}

/**
 * A failure as the engine takes it. The engine shows the value of an input that a failure names, of a
 * secret one too: that is named by the reason alone.
 *
 * @param given the inputs that were checked
 * @param secrets inputs that are secrets besides those of the schema
 */
export function failureForEngine(
  { property, reason }: CheckFailure,
  schema: z.ZodObject,
  given: Values,
  secrets?: ReadonlySet<string>,
): CheckFailure {
  const own = secretProperties(schema);
  // Where there are secrets, an input that is none may be one with a slip in its name.
  const maybeSecret = own.size > 0 && !Object.hasOwn(schema.shape, property);
  const isSecret = own.has(property) || maybeSecret || secrets?.has(property);
  return isSecret && given[property] != null
    ? { property: "", reason: `${property} ${reason}` }
    : { property, reason };
}

/** The wording of a schema's complaint: the value, and what is allowed. */
function describeIssue(
  key: string,
  issue: z.core.$ZodIssue,
  given: unknown,
  isSecret: boolean,
): CheckFailure {
  const property = [
    key,
    ...issue.path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)),
  ].join("");
  const value = issue.path.reduce<unknown>(
    (at, step) => (at as Values | undefined)?.[String(step)],
    given,
  );
  if (value === undefined && issue.code !== "custom") return { property, reason: "is required" };
  return { property, reason: `is ${isSecret ? "(secret)" : show(value)}; ${allowed(issue)}` };
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `allowed: ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `it must be ${sized(issue.origin, "at least", issue.minimum)}`;
    case "too_big":
      return `it must be ${sized(issue.origin, "at most", issue.maximum)}`;
    case "invalid_type":
      return `it must be ${issue.expected === "int" ? "a whole number" : `of type ${issue.expected}`}`;
    case "unrecognized_keys":
      return `it has unknown keys: ${issue.keys.join(", ")}`;
    default:
      return issue.message;
  }
}

function sized(origin: string, bound: string, limit: number | bigint): string {
  const units: Partial<Record<string, string>> = { string: "character", array: "item" };
  const unit = units[origin];
  return unit ? `${bound} ${limit} ${unit}${limit === 1 ? "" : "s"} long` : `${bound} ${limit}`;
}

/*
 * What a verb is given has been checked, save where a caller left that out. Here it is refused in
 * words, before anything is sent.
 */

/**
 * The inputs of a verb, normalised.
 *
 * @throws InvalidArguments naming all that is wrong, without the values: any may be a secret
 */
export function checkedInputs({ name, inputs: schema }: Definition, given: Values): Values {
  const secrets = new Set(Object.keys(given));
  const { inputs, failures } = validate(schema, given, { secrets });
  const unknown = Object.keys(inputs)
    .filter((key) => containsUnknown(inputs[key]))
    .map((property) => ({ property, reason: "is not known yet" }));
  return demandValid(name, { inputs, failures: [...failures, ...unknown] });
}

/**
 * The arguments of a function, normalised.
 *
 * @throws InvalidArguments naming all that is wrong
 */
export function checkedArguments({ name, args }: FunctionDefinition, given: Values): Values {
  const of = { noun: "argument", owner: "this function" };
  return demandValid(name, validate(args, given, { of }));
}

/**
 * Refuses what can be no ID of a resource: an import or a `.get` takes whatever a person types.
 *
 * @throws InvalidArguments saying what an ID is
 */
export function demandId({ name, id: form, isId }: Definition, id: string): void {
  if (id !== "" && (isId?.(id) ?? true)) return;
  throw new InvalidArguments(`${name}: ${show(id)} is no ID of it. The ID is ${form}.`);
}

/**
 * The state that a verb gets: without hidden keys, and without what has another type than the schema
 * says, which is as good as absent, and which the server is asked for anyway.
 */
export function knownState(definition: Definition, state: Values): Values {
  const types = typesOf(definition);
  const fitting = Object.entries(visible(state)).filter(([key, value]) => {
    const expected = types.get(key);
    return expected === undefined || expected === typeOf(value);
  });
  return Object.fromEntries(fitting);
}

const known = new WeakMap<Definition, ReadonlyMap<string, string>>();

/** The JSON types of inputs and outputs, where there is one. */
function typesOf(definition: Definition): ReadonlyMap<string, string> {
  const found = known.get(definition) ?? new Map(typedProperties(definition));
  known.set(definition, found);
  return found;
}

function typedProperties({ inputs, outputs }: Definition): [string, string][] {
  return [inputs, outputs].flatMap((side) =>
    propertiesOf(schemaOf(side)).flatMap(({ name, schema: { type } }): [string, string][] =>
      type === undefined ? [] : [[name, type === "integer" ? "number" : type]],
    ),
  );
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value;
}

function demandValid(name: string, { inputs, failures }: Checked): Values {
  if (failures.length === 0) return inputs;
  const reasons = failures.map(({ property, reason }) => `${property} ${reason}`);
  throw new InvalidArguments(`${name}: ${reasons.join("; ")}`);
}
