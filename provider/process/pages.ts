/** The pages of documentation that the package ships, by the names that `formations help` takes. */
export const pages = ["adopting", "backups", "restoring", "guarantees"] as const;

export type Page = (typeof pages)[number];

/** How whoever reads a message opens a page, wherever they are: a command for a shell. */
export function page(name: Page): string {
  return `\`npx -p pulumi-formations formations help ${name}\``;
}
