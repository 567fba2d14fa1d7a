import { readdirSync } from "node:fs";

/** Has every program that asks for a proxy find none: what talks to another machine fails. */
export const closedToOthers = {
  HTTP_PROXY: "http://127.0.0.1:9",
  HTTPS_PROXY: "http://127.0.0.1:9",
  NO_PROXY: "localhost,127.0.0.1",
};

/** What is in an example's folder, and what simulations have left in the temporary one. */
export function present(folder: string, temporary: string) {
  const left = readdirSync(temporary, { recursive: true, encoding: "utf8" });
  return {
    files: readdirSync(folder).toSorted(),
    simulations: left.filter((name) => name.includes("simulation-")),
  };
}
