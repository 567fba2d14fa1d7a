import type { Explanation, ResourceChange } from "../model";

/**
 * GitLab's merge-request report, for `artifacts: reports: terraform:`. A replacement counts as one
 * creation and one deletion, as GitLab counts Terraform's.
 */
export function gitlab(explanations: readonly Explanation[]): string {
  const operations = explanations.flatMap(({ changes }) => changes.map((one) => one.operation));
  const count = (...kinds: ResourceChange["operation"][]) =>
    operations.filter((one) => kinds.includes(one)).length;
  const report = {
    create: count("create", "replace"),
    update: count("update", "import"),
    delete: count("delete", "replace"),
  };
  return `${JSON.stringify(report)}\n`;
}
