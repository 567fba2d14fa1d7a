import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { Definition } from "./definition";
import { InvalidArguments } from "./errors";
import { propertiesOf, schemaOf } from "./json-schema";
import { perSchema } from "./property";
import { isSecretAt, noKeys, secretProperties, secretsOf } from "./secrets";
import { didYouMean } from "./suggestions";
import { containsUnknown, only, present, show, type Values } from "./values";

/** A wrong input: where it is, as the schema names it, and what is allowed instead. */
export interface CheckFailure {
  /** The path of the input: `workerTune`, `options.env.PORT`, `tableNames[3]`. */
  property: string;
  /** Continues a sentence that begins with the property. */
  reason: string;
  /**
   * Set where the input of this name is, or may be, a secret. A host that shows the value of what a
   * failure names has to name this one in the reason alone.
   */
  isSecret?: true;
}

/** A rule between inputs. It is checked only if all of `properties` that are set are known and valid. */
export interface Constraint<Inputs> {
  /** The inputs that it reads. A failure is reported at the first. */
  properties: readonly string[];
  /** Returns what is wrong, or undefined. */
  check(inputs: Inputs): string | undefined;
}

/** Checked inputs: normalised, without null. Unknown values are left unchanged. */
export interface Checked {
  inputs: Values;
  failures: CheckFailure[];
}

/** What to check by, besides the schema. */
export interface ValidationOptions<Inputs> {
  constraints?: readonly Constraint<Inputs>[];
  /** Inputs that are secrets besides those of the schema: failures don't show their values. */
  secrets?: ReadonlySet<string>;
  /** What is checked, for messages. Default: a resource's inputs. */
  of?: Checkable;
}

/** What is checked: a noun with the article "an" and a plural in -s, and whose it is. */
interface Checkable {
  noun: string;
  owner: string;
}

const ofResource: Checkable = { noun: "input", owner: "this resource" };

/**
 * Checks inputs against a schema and the constraints between them, and finds every failure. Unknown
 * values never fail. No I/O.
 */
export function validate<Inputs>(
  schema: z.ZodObject,
  given: Values,
  { constraints = [], secrets = noKeys, of = ofResource }: ValidationOptions<Inputs> = {},
): Checked {
  const { shape } = schema;
  const isMisnamed = (key: string) => given[key] != null && !Object.hasOwn(shape, key);
  const misnamed = Object.keys(given).filter(isMisnamed);
  const valid = misnamed.length === 0 ? parsedAtOnce(schema, given) : undefined;
  const { inputs, failures: ofValues } = valid ?? parsedEach(schema, given, secrets);
  const ofKeys = misnamed.map((key) => unknownKey(key, Object.keys(shape), of));
  const failures = [...ofKeys, ...ofValues];
  const wrong = new Set(failures.map((failure) => failure.property.split(/[.[]/)[0]));
  const isOpen = (key: string) => wrong.has(key) || containsUnknown(inputs[key]);
  const askable = constraints.filter(({ properties }) => !properties.some(isOpen));
  failures.push(...askable.flatMap((one) => violation(one, inputs as Inputs, secrets)));

  const own = secretProperties(schema);
  // An unknown input may be a secret one with a misspelt name.
  const maybe = own.size > 0 ? misnamed : [];
  const isSecret = (key: string) => own.has(key) || secrets.has(key) || maybe.includes(key);
  return { inputs, failures: failures.map(marked) };

  function marked(failure: CheckFailure): CheckFailure {
    const { property } = failure;
    return given[property] != null && isSecret(property) ? { ...failure, isSecret: true } : failure;
  }
}

/** Inputs that are all known and valid, as most are: parsing them takes a fifth of {@link parsedEach}. */
function parsedAtOnce(schema: z.ZodObject, given: Values): Checked | undefined {
  if (containsUnknown(given)) return undefined;
  const { data } = schema.safeParse(present(given));
  return data && { inputs: data, failures: [] };
}

/** Every failure of each property, and the inputs that are valid or unknown. */
function parsedEach({ shape }: z.ZodObject, given: Values, secrets: ReadonlySet<string>): Checked {
  const inputs: Values = {};
  const failures: CheckFailure[] = [];
  for (const key of Object.keys(shape)) {
    const property = shape[key] as z.ZodType;
    const value = given[key] ?? undefined;
    const { data, error } = checkProperty(property, value);
    if (data !== undefined) inputs[key] = data;
    for (const issue of error?.issues ?? []) {
      const isSecret = secrets.has(key) || isSecretAt(secretsOf(property), issue.path);
      failures.push(describeIssue(key, issue, value, isSecret));
    }
  }
  return { inputs, failures };
}

/** Parses one property, unless there is nothing to parse yet. */
function checkProperty(
  property: z.ZodType,
  given: unknown,
): Pick<z.ZodSafeParseResult<unknown>, "data" | "error"> {
  const isLeft = given === undefined ? mayBeAbsent(property) : containsUnknown(given);
  return isLeft ? { data: given } : property.safeParse(given);
}

/** Whether a property that is not set is valid, and has no default. */
const mayBeAbsent = perSchema((property: z.ZodType): boolean => {
  const { success, data } = property.safeParse(undefined);
  return success && data === undefined;
});

function violation<Inputs>(
  { properties, check }: Constraint<Inputs>,
  inputs: Inputs,
  secrets: ReadonlySet<string>,
): CheckFailure[] {
  const reason = check(inputs);
  const [property, ...others] = properties;
  if (reason === undefined || property === undefined) return [];
  if (!properties.some((key) => secrets.has(key))) return [{ property, reason }];
  const hidden = others.length > 0 ? `conflicts with ${others.join(", ")}` : "is not valid";
  return [{ property, reason: `${hidden} (values are secret)` }];
}

function unknownKey(key: string, known: readonly string[], { noun, owner }: Checkable) {
  const all =
    known.length > 0
      ? `.${didYouMean(key, known)} ${capitalised(noun)}s: ${known.join(", ")}`
      : `, which has no ${noun}s`;
  return { property: key, reason: `is not an ${noun} of ${owner}${all}` };
}

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
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
  const shown = isSecret ? "(secret)" : `${show(value)}${meantBy(value, issue)}`;
  return { property, reason: `is ${shown}; ${allowed(issue)}` };
}

/** The allowed word that a misspelt one was probably meant to be, as a question; empty without one. */
function meantBy(value: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_value" || typeof value !== "string") return "";
  const words = issue.values.filter((one) => typeof one === "string");
  const question = didYouMean(value, words).trim();
  return question && ` (${question.charAt(0).toLowerCase()}${question.slice(1)})`;
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

/**
 * The inputs of a verb, normalised. A check has passed them already, unless the caller left it out.
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
 * Refuses what cannot be the ID of a resource: an import or a `.get` takes whatever a person types.
 *
 * @throws InvalidArguments saying what an ID is
 */
export function demandId({ name, id: form, isId }: Definition, id: string): void {
  if (id !== "" && (isId?.(id) ?? true)) return;
  throw new InvalidArguments(`${show(id)} is not a valid ${name} ID. Expected ${form}.`);
}

/**
 * The state that a verb gets: without what has another type than the schema says, which is as good as
 * absent, and which the server is asked for anyway.
 */
export function knownState(definition: Definition, state: Values): Values {
  const types = typesOf(definition);
  return only(state, (value, key) => {
    const expected = types.get(key);
    return expected === undefined || expected === typeOf(value);
  });
}

/** The JSON types of inputs and outputs, where there is one. */
const typesOf = perSchema((definition: Definition) => new Map(typedProperties(definition)));

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

/** @throws InvalidArguments naming all that is wrong with what a caller gave */
export function demandValid(name: string, { inputs, failures }: Checked): Values {
  if (failures.length === 0) return inputs;
  const reasons = failures.map(({ property, reason }) => `${property} ${reason}`);
  throw new InvalidArguments(`${name}: ${reasons.join("; ")}`);
}

/** What a check gets besides the inputs. */
export interface CheckOptions extends Pick<ValidationOptions<unknown>, "secrets"> {
  /** The inputs of the last run: values that are among them already are not warned about again. */
  olds?: Values;
}

/**
 * Warnings about values of open lists that this version of the provider does not know. They are not
 * failures, since the server may have more values by now.
 *
 * @param inputs checked inputs
 * @param decider who accepts or rejects the values: `Crunchy Bridge`
 */
export function openListWarnings(
  schema: z.ZodObject,
  inputs: Values,
  decider: string,
  { olds = {}, secrets }: CheckOptions = {},
): string[] {
  return openLists(schema).flatMap(({ key, known }) => {
    const value = inputs[key];
    if (value === undefined || isDeepStrictEqual(value, olds[key])) return [];
    if (containsUnknown(value) || known.includes(String(value))) return [];
    const isSecret = secrets?.has(key);
    const guess = isSecret ? "" : didYouMean(String(value), known);
    return [
      `${key} ${isSecret ? "(secret)" : show(value)} is unknown to this version of the provider; ${decider} will accept or reject it. Known values: ${known.join(", ")}.${guess}`,
    ];
  });
}

/** The open lists among a schema's properties, in its order. */
const openLists = perSchema((schema: z.ZodObject) =>
  Object.entries(schema.shape).flatMap(([key, property]) => {
    const known = (property as z.ZodType).meta()?.known;
    return known ? [{ key, known }] : [];
  }),
);
