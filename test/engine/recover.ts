import type { CommandResult } from "../../build/engine/process.ts";
import type { Workspace } from "../../build/engine/workspace.ts";
import { formations } from "./formations.ts";

/** Runs `formations recover` on a workspace's stack, as a user does. */
export function recover(workspace: Workspace, ...args: string[]): Promise<CommandResult> {
  return formations(workspace, "recover", ...args);
}
