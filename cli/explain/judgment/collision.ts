import type { Definition, Place } from "../../../provider/resource/definition";
import type { Occurrence } from "./occurrences";
import type { Planned } from "./planning";

/** What the engine replaces without asking the provider. */
const unasked = ["id", "provider", "replaceWith"];

/**
 * What a replacement would collide with: the old resource, which still has the name or place of the new
 * one. The provider sees to the order or the name if its own plan replaces the resource. But what an
 * option or a flag of the engine replaces is created like anything else, and refused.
 */
export function collisionOf(
  definition: Definition,
  { step, order }: Occurrence,
  { sides, plan }: Planned,
): Place | undefined {
  const { replaceReasons } = step;
  const isUnasked =
    replaceReasons.length > 0 && replaceReasons.every((reason) => unasked.includes(reason));
  const isPlanned = plan?.action === "replace" && !isUnasked;
  if (order !== "new first" || isPlanned || !plan) return undefined;
  const taken = definition.claims?.(sides.news);
  return taken && definition.claims?.(sides.state)?.name === taken.name ? taken : undefined;
}

/** Why `pulumi up` fails, and what to do. */
export function noteOfCollision({ name, rule }: Place): string {
  return `\`pulumi up\` will fail: the new one would be ${name} while the old one still is, and ${rule}. Set \`deleteBeforeReplace: true\` on the resource, so that the old one is deleted first.`;
}
