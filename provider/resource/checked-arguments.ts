import type { Definition, FunctionDefinition } from "./definition";
import { InvalidArguments } from "./errors";
import { propertiesOf, schemaOf } from "./json-schema";
import { type Checked, validate } from "./validation";
import { containsUnknown, show, type Values, visible } from "./values";

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
