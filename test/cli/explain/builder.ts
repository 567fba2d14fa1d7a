import type {
  Explanation,
  PropertyChange,
  ResourceChange,
  Shown,
} from "../../../cli/explain/model.ts";
import { resources } from "../../../provider/index.ts";
import type { Effect } from "../../../provider/resource/plan-rules.ts";

/** A value that the preview shows. */
export function value(shown: unknown): Shown {
  return { kind: "value", value: shown };
}

/** A property that changes from one value to another; `undefined` is absent. */
export function property(
  name: string,
  from: unknown,
  to: unknown,
  more: Partial<PropertyChange> = {},
): PropertyChange {
  const shown = (one: unknown): Shown => (one === undefined ? { kind: "absent" } : value(one));
  return { property: name, from: shown(from), to: shown(to), ...more };
}

/** A change of a resource of this package: by default a formation that is updated in place. */
export function change(
  name: string,
  more: Partial<ResourceChange> & { of?: string } = {},
): ResourceChange {
  const { of: type = "Formation", ...rest } = more;
  return {
    urn: `urn:pulumi:production::shop::formations:index:${type}::${name}`,
    name,
    type,
    definition: resources.find((one) => one.name === type),
    operation: "update",
    reasons: [],
    properties: [],
    notes: [],
    messages: [],
    ...rest,
  };
}

/** A change of another provider's resource. */
export function other(
  name: string,
  operation: ResourceChange["operation"],
  type = "aws:s3/bucket:Bucket",
): ResourceChange {
  return {
    ...change(name, { operation, type }),
    urn: `urn:pulumi:production::shop::${type}::${name}`,
    definition: undefined,
  };
}

/** An explanation of the stack `shop/production`. */
export function explanation(
  changes: readonly ResourceChange[],
  more: Partial<Explanation> = {},
): Explanation {
  return {
    source: "preview.json",
    project: "shop",
    stack: "production",
    hasFailed: false,
    changes,
    messages: [],
    ...more,
  };
}

/** What a change does. */
export function effect(kind: Effect["kind"], text = ""): Effect {
  return { kind, text };
}

/** The same changes in another stack. */
export function inStack(stack: string, one: Explanation): Explanation {
  const changes = one.changes.map((each) => ({
    ...each,
    urn: each.urn.replace(/production/, stack),
  }));
  return { ...one, stack, changes };
}
