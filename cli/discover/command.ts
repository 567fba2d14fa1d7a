import type { Command } from "commander";
import { addDetails, type Details } from "../details";
import { cwdFlag, jsonFlag, timeoutFlag } from "../flags";
import { addFileFlags, type FileFlags } from "./files/prepare";
import { addFilterFlags, type FilterFlags } from "./flags";

/** What the user asks for. */
export interface DiscoverFlags extends FilterFlags, FileFlags {
  cwd?: string;
  unmanaged?: boolean;
  /** A file that `formations prices` wrote; true: the systems are asked. */
  prices?: string | true;
  json?: boolean;
  /** In milliseconds. */
  timeout: number;
}

const details: Details = {
  text: [
    "Lists what exists in your accounts: the formations of Citus Cloud, the replicas of Crunchy Bridge, the app formations of Akkeris and the secrets of Antfly. The accounts are those that the environment configures (FORMATIONS_CITUS_TOKEN and so on) and, with --stack, those of the stack's providers. A system that is not configured is skipped, and named.",
    "With --stack it says which of them the stack manages, and what the stack has that no longer exists; --unmanaged shows only what no stack manages. With --cwd or --unmanaged and without --stack, that goes for all stacks of the project. What a stack has is not requested again: its state says what it is like.",
    "With --import, --complete, --typescript or --adopt-file it writes files that take what nobody manages into a stack, without another request.",
    "Citus Cloud allows five requests per minute and needs one per formation; the time that this takes is said beforehand. Filters save requests where the list shows what they are about. What has no property for a filter is not listed.",
    "What is being created or deleted, and what failed, is listed and marked; what was deleted is not listed. Resources of one name are told apart by their IDs, and equal IDs by system and account.",
  ],
  examples: [
    "formations discover",
    "formations discover --system citus --name 'orders-*' --json",
    "formations discover -s production -s staging --unmanaged --prices",
    "formations discover --stack dev --import fleet.json",
    "formations discover --stack dev --typescript fleet.ts --adopt-file adopt.json",
  ],
  exitCodes: {
    "0": "everything was listed",
    "2": "something is left to decide: --unmanaged shows something, or --complete leaves a placeholder",
    "3": "something could not be listed or read; what was found is shown and written all the same",
    "130": "Ctrl-C",
  },
  page: "discovering",
};

/** Makes `formations discover`. */
export function buildDiscover(command: Command): void {
  addFilterFlags(command, "none, or all of the project with --cwd or --unmanaged")
    .addOption(cwdFlag())
    .optionsGroup("Output:")
    .option("--unmanaged", "show only what no stack manages")
    .option(
      "--prices [file]",
      "say what it costs per month, by a file that `formations prices` wrote; without one, by what the servers list now",
    )
    .addOption(jsonFlag());
  addFileFlags(command.optionsGroup("Files:"))
    .optionsGroup("Behaviour:")
    .addOption(timeoutFlag("time limit"))
    .action(action);
  addDetails(command, details);
}

async function action(flags: DiscoverFlags): Promise<void> {
  // Loaded here, so that no other command waits for it.
  const { discover } = await import("./run.js");
  await discover(flags);
}
