import type { Definition } from "../../provider/resource/definition";
import { commonRules, describeRule, type Rule } from "../../provider/resource/plan-rules";
import { code, table } from "./markdown";

/** The plan in Markdown, a table per resource: what every change becomes, and why, read from the rules. */
export function planTables(resources: readonly Definition[]): string {
  return [
    section("Every resource", Object.values(commonRules)),
    ...resources.map(({ name, plan }) =>
      section(code(name), [...plan.properties, ...(plan.whole ?? [])]),
    ),
  ].join("\n\n");
}

function section(title: string, rules: readonly Rule[]): string {
  const rows = rules.map((rule) => [rule.change, describeRule(rule)]);
  return `## ${title}\n\n${table(["change", "becomes"], rows)}`;
}
