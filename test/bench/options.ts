import { cpus, totalmem } from "node:os";
import { type Host, hosts } from "./contender.ts";

/** The hosts that a flag names. @throws Error with the usage when it names another */
export function hostsOf(text: string, usage: string): Host[] {
  return text.split(",").map((name) => {
    const host = hosts.find((one) => one === name);
    if (host === undefined) throw new Error(`--hosts: there is no host "${name}"\n\n${usage}`);
    return host;
  });
}

/** The machine that measures. */
export function machine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpu?.model}), ${gigabytes} GB, ${process.platform}, Node.js ${process.version}`;
}
