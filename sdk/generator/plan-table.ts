import type { Definition } from "../../provider/resource/definition";
import { commonRules, describeRule } from "../../provider/resource/plan-rules";
import { code, table } from "./markdown";

/** The plan table in Markdown: what every change becomes, and why, read from the rules. */
export function planTable(resources: readonly Definition[]): string {
  const rows = [
    ...Object.values(commonRules).map((rule) => [
      "every resource",
      rule.change,
      describeRule(rule),
    ]),
    ...resources.flatMap(({ name, plan }) =>
      [...plan.properties, ...(plan.whole ?? [])].map((rule) => [
        code(name),
        rule.change,
        describeRule(rule),
      ]),
    ),
  ];
  return table(["resource", "change", "becomes"], rows);
}
