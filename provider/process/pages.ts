/** A page of documentation that the package ships, by the name that `formations help` takes. */
export type Page = "adopting" | "backups" | "restoring" | "guarantees";

/** How whoever reads a message opens a page, wherever they are: a command for a shell. */
export function page(name: Page): string {
  return `\`npx -p pulumi-formations formations help ${name}\``;
}
