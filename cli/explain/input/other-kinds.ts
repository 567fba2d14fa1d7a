/** Whether a value is an object that is not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Kinds of JSON that people have beside previews, by the keys that only they have. */
const kinds: readonly (readonly [keys: readonly string[], kind: string])[] = [
  [["planned_values"], "a plan of Terraform or OpenTofu"],
  [["resource_changes"], "a plan of Terraform or OpenTofu"],
  [["@level", "@message"], "the log of Terraform or OpenTofu"],
  [["terraform_version"], "a state of Terraform or OpenTofu"],
  [["resourcePlans"], "an update plan, which `pulumi preview --save-plan` writes"],
  [["deployment"], "a stack's state, which `pulumi stack export` prints"],
  [["result", "summary", "resources"], "the summary that `--output json` prints"],
  [["openapi"], "an OpenAPI description"],
];

/** What a JSON value is, for a message: it never has a part of it. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a JSON array";
  if (value === null) return "the JSON value null";
  if (!isObject(value)) return `a JSON ${typeof value}`;
  const known = kinds.find(([keys]) => keys.every((key) => Object.hasOwn(value, key)));
  return known?.[1] ?? "JSON of another kind";
}
