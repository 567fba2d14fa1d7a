import type { Workspace } from "../../../build/engine/workspace.ts";
import type { Host } from "../lifecycle/hosts.ts";
import type { Program } from "../lifecycle/program.ts";
import { accessTo } from "../world.ts";
import type { Row, Systems } from "./row.ts";
import { programs, refusedPrograms, rows } from "./rows.ts";
import { endSystems, startSystems } from "./systems.ts";

/** What a preview printed: the digest, or a line per event. */
export interface Recorded {
  text: string;
  code: number | null;
}

/** A stack, from the programs that were run to those that are previewed. */
export interface PreviewedStack {
  workspace: Workspace;
  /** Previews another program, in either form. */
  preview(program: Program, form?: Form, flags?: readonly string[]): Promise<Recorded>;
  end(): Promise<void>;
}

/** In which form the engine writes a preview. */
type Form = "digest" | "events";

/** Lets a stack live on a host until the changes of all rows are due. */
export function openRowStack(host: Host): Promise<PreviewedStack> {
  return openPreviewed(host, Object.values(programs), live);
}

/** Lets a stack live on a host until the changes that are refused are due. */
export function openRefusalStack(host: Host): Promise<PreviewedStack> {
  return openPreviewed(host, [refusedPrograms.first], async (_, workspace) => {
    await host.declare(workspace, refusedPrograms.first);
    await workspace.up();
  });
}

/**
 * Starts a stack on a host, on systems that have what the programs need.
 *
 * @param live what happens to it before the previews
 */
export async function openPreviewed(
  host: Host,
  needed: readonly Program[],
  live: (host: Host, workspace: Workspace, systems: Systems) => Promise<void>,
): Promise<PreviewedStack> {
  const systems = await startSystems(...needed);
  const workspace = await host.start(accessTo(...Object.values(systems)));
  const end = async () => {
    await workspace.dispose();
    await endSystems(systems);
  };
  try {
    await live(host, workspace, systems);
  } catch (error) {
    await workspace.dispose();
    throw error;
  }
  return {
    workspace,
    async preview(program, form, flags) {
      await host.declare(workspace, program);
      return previewOf(workspace, form, flags);
    },
    end,
  };
}

/** What `pulumi preview --json` prints, whether it fails or not. */
export async function previewOf(
  workspace: Workspace,
  form: Form = "digest",
  flags: readonly string[] = [],
): Promise<Recorded> {
  const args = ["preview", "--json", "--show-replacement-steps", ...flags];
  const env = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: String(form === "events") };
  const { stdout, code } = await workspace.pulumi(args, { env });
  return { text: stdout, code };
}

async function live(host: Host, workspace: Workspace, systems: Systems): Promise<void> {
  const happens = (when: "early" | "hindrance" | "meanwhile") => {
    for (const row of Object.values<Row>(rows)) row[when]?.(systems);
  };
  await host.declare(workspace, programs.first);
  await workspace.up();
  happens("early");
  await workspace.refresh();
  happens("hindrance");
  await host.declare(workspace, programs.second);
  await workspace.up({ expectFailure: true, args: ["--continue-on-error"] });
  happens("meanwhile");
  await workspace.refresh();
}
