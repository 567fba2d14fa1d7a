import type { Definition } from "../../provider/resource/definition";
import {
  commonRules,
  describeRule,
  describeWarning,
  type Rule,
} from "../../provider/resource/plan-rules";

/** What becomes of any resource's changes, where no rule of its own decides. */
export function sharedRules(): string {
  return list(Object.values(commonRules));
}

/** What becomes of the changes of one resource, read from its rules. */
export function rulesOf({ plan }: Definition): string {
  return list([...plan.properties, ...(plan.whole ?? [])]);
}

/** An item per rule: the change, then what it becomes, then its warning, each on a line of its own. */
function list(rules: readonly Rule[]): string {
  const items = rules.map((rule) => {
    const warning = describeWarning(rule);
    const lines = [rule.change, describeRule(rule), ...(warning ? [`Warning: ${warning}`] : [])];
    return `- ${lines.join("\\\n  ")}`;
  });
  return items.join("\n");
}
