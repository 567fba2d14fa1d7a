/** The pages of documentation that the package ships, by the names that `formations help` takes. */
export const pages = [
  "configuration",
  "discovering",
  "adopting",
  "backups",
  "restoring",
  "recovering",
  "pulumi-do",
  "pull-requests",
  "simulating",
  "moving-hosts",
  "guarantees",
  "doctor",
  "command-line",
  "troubleshooting",
] as const;

/** One of {@link pages}. */
export type Page = (typeof pages)[number];

/** The shell command that opens a page, for messages: it works in every folder. */
export function page(name: Page): string {
  return `\`npx -p pulumi-formations formations help ${name}\``;
}
