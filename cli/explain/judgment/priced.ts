import type { Definition } from "../../../provider/resource/definition";
import { changesOf } from "../../../provider/resource/plan";
import { secretKeys } from "../../../provider/resource/secrets";
import type { Values } from "../../../provider/resource/values";
import { pricedOf } from "../../prices/priced";
import type { PricedChange } from "../model";
import type { Occurrence } from "./occurrences";
import type { Planned } from "./planning";
import { normalised } from "./values";

/** What the cost of a change depends on; undefined: the preview does not show it. */
export function pricedIn(
  definition: Definition,
  { operation, step, isRecreated }: Occurrence,
  { sides, plan, hidden }: Planned,
): PricedChange | undefined {
  const unseen = new Set([...secretKeys(sides.secrets), ...hidden]);
  const pick = (properties: Values) => pricedOf(definition, properties, unseen);
  const before = step.old && !isRecreated ? pick(sides.state) : undefined;
  const isRetained = step.old?.retainOnDelete === true && !isRecreated;
  switch (operation) {
    case "create":
      return step.new && { after: pick(sides.news) };
    case "import":
      return step.new && { after: pick({ ...normalised(step.new.outputs), ...sides.news }) };
    case "replace":
      return step.old && step.new && { before, after: pick(sides.news), isRetained };
    case "delete":
      return step.old && { before };
    case "update": {
      // What the plan keeps stays as the server has it, whatever the program asks.
      const changes = plan ? changesOf(plan) : sides.news;
      return step.old && step.new && { before, after: pick({ ...sides.state, ...changes }) };
    }
    default:
      return undefined;
  }
}
