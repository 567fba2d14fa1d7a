import { counted } from "../../../provider/process/counted";
import { unpack } from "../../../provider/resource/marks";
import { logicalName, packageName } from "../../../provider/resource/urn";
import type { Values } from "../../../provider/resource/values";
import { type Origin, originOf } from "../../discover/accounts/accounts";
import { definitionOf, exportState, type StackState } from "../../stack/deployment";
import { Locks } from "../../stack/locks";
import { Pulumi, PulumiFailed, type StackOptions, stacksOf } from "../../stack/pulumi";
import { Sessions } from "../../stack/sessions";
import { textOf } from "../files";
import { type Check, inWords, type Section, section } from "../model";
import { type Host, type Project, titles } from "../project";

/** How long each command of Pulumi may take, in milliseconds: a backend may never respond. */
const patienceMs = 60_000;

/** A stack that could be read. */
export interface StackFacts {
  name: string;
  options: StackOptions;
  state: StackState;
  /** Undefined: Pulumi can't decrypt the stack's secrets. */
  secrets?: { sessions: Sessions; origins: readonly Origin[] };
}

/** What was found of a stack. */
export interface StackFindings {
  checks: Check[];
  stack?: StackFacts;
}

/** Finds the stack, reads it, and looks at its lock and at what runs left. */
export async function checkStack(
  given: StackOptions,
  project: Project | undefined,
): Promise<StackFindings> {
  const named = await nameOf(given);
  if (typeof named !== "string") return { checks: [named] };
  const options = { ...given, stack: named, patienceMs };
  const at = section(`Stack ${named}`);
  const pulumi = new Pulumi(options);
  const sessions = new Sessions(pulumi);
  try {
    const [state, configs] = await Promise.all([
      sessions.state(),
      sessions.all(),
      demandPassphrase(pulumi, named, project),
    ]);
    const origins = configs.map(({ urn, values }) => originOf(named, urn, values));
    const stack = { name: named, options, state, secrets: { sessions, origins } };
    const checks = [
      at.ok("secrets", "Pulumi reads its configuration and its state, secrets included."),
    ];
    return { checks: [...checks, ...(await checkState(stack, at))], stack };
  } catch (error) {
    if (!(error instanceof PulumiFailed)) throw error;
    return withoutSecrets(pulumi, named, options, error);
  }
}

/**
 * Makes sure that the passphrase is right where there is one, which `pulumi up` demands even where there is
 * no secret yet. Where the stack's file has no salt, the command would add one.
 *
 * @throws PulumiFailed
 */
async function demandPassphrase(pulumi: Pulumi, name: string, project: Project | undefined) {
  const file = `Pulumi.${name.split("/").at(-1)}.yaml`;
  if (!project || !/\bencryptionsalt["']?:/.test(textOf(project.folder, file) ?? "")) return;
  await pulumi.run(["stack", "history", "--json", "--show-secrets", "--page-size", "1"]);
}

/** What can be said where secrets can't be decrypted, if that is why the stack can't be read. */
async function withoutSecrets(
  pulumi: Pulumi,
  name: string,
  options: StackOptions,
  failure: PulumiFailed,
): Promise<StackFindings> {
  const at = section(`Stack ${name}`);
  const words = engineWords(failure);
  const state = await exportState(pulumi).catch(() => undefined);
  const isOfSecrets = /passphrase|decrypt|secrets (?:manager|provider)/i.test(words);
  const [reason, cure] = secretsProblem(words);
  const checks = isOfSecrets
    ? [at.problem("secrets", `Pulumi can't decrypt the secrets of stack ${name}: ${reason}`, cure)]
    : [at.problem("stack", `Pulumi can't read stack ${name}: ${words}`, fileCure(words, name))];
  if (!state) return { checks };
  const stack = { name, options, state };
  return {
    checks: [...checks, ...(await checkState(stack, at))],
    stack,
  };
}

/** What to do about the file with a stack's configuration, if that is what Pulumi can't read. */
function fileCure(words: string, name: string): string | undefined {
  return /yaml/i.test(words) ? `Correct Pulumi.${name.split("/").at(-1)}.yaml.` : undefined;
}

/** Why secrets can't be decrypted, and what to do: what Pulumi says of a passphrase is long. */
function secretsProblem(words: string): [reason: string, cure: string] {
  const set =
    "Set PULUMI_CONFIG_PASSPHRASE to the stack's passphrase, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that has it.";
  if (/incorrect passphrase/i.test(words)) return ["the passphrase is wrong.", set];
  if (/passphrase must be set/i.test(words)) return ["the passphrase is missing.", set];
  if (/PULUMI_CONFIG_PASSPHRASE_FILE/.test(words)) return [words, set];
  return [
    words,
    "Check that this machine may use the secrets provider that Pulumi.<stack>.yaml names.",
  ];
}

/** The stack's name, or why there is none. */
async function nameOf({ stack, cwd }: StackOptions): Promise<string | Check> {
  const at = section("Stack");
  try {
    const all = await stacksOf(cwd, patienceMs);
    const names = all.map(({ name }) => name).join(", ");
    if (stack !== undefined) {
      const isThere = all.some(({ name }) => name.split("/").at(-1) === stack.split("/").at(-1));
      if (isThere) return stack;
      return at.problem("stack", `The project has no stack ${stack}.`, hintOf(names));
    }
    const selected = all.find(({ current }) => current);
    return selected?.name ?? at.problem("stack", "No stack is selected.", hintOf(names));
  } catch (error) {
    if (!(error instanceof PulumiFailed)) throw error;
    const words = engineWords(error);
    return at.problem("stack", `Pulumi can't list the project's stacks: ${words}`, listCure(words));
  }
}

/** What to do where the stacks can't be listed. */
function listCure(words: string): string | undefined {
  if (/Pulumi\.(?:ya?ml|json)/.test(words)) return undefined;
  if (/PULUMI_ACCESS_TOKEN must be set|invalid access token|not logged in/i.test(words)) {
    return "Run `pulumi login`, or set PULUMI_ACCESS_TOKEN. If the stacks are not in Pulumi Cloud, set PULUMI_BACKEND_URL to where they are.";
  }
  return "PULUMI_BACKEND_URL or `pulumi login` says where the stacks are.";
}

function hintOf(names: string): string {
  return names === ""
    ? "`pulumi stack init NAME` creates the first one."
    : `Its stacks are: ${names}. Name one with --stack, or select it with \`pulumi stack select NAME\`.`;
}

/** Pulumi's own words about a failure, on one line, ending in a full stop. */
function engineWords({ message }: PulumiFailed): string {
  const words = inWords(message.replace(/^`[^`]+` failed:\n/, "").replaceAll(/^error: /gm, ""));
  return `${words.replace(/[.:\s]+$/, "")}.`;
}

async function checkState(stack: StackFacts, at: Section): Promise<Check[]> {
  return [
    ...checkHosts(stack, at),
    await checkLock(stack, at),
    checkInterrupted(stack, at),
    checkUnfinished(stack, at),
  ];
}

/** How many resources of this package a stack has on each host. */
export function countHosts({ state }: StackFacts): Record<Host, number> {
  const types = state.deployment.resources.flatMap(({ type }) => (definitionOf(type) ? type : []));
  const plugin = types.filter((type) => type.startsWith(`${packageName}:`)).length;
  return { plugin, dynamic: types.length - plugin };
}

function checkHosts(stack: StackFacts, at: Section): Check[] {
  const counts = countHosts(stack);
  return (["plugin", "dynamic"] as const).flatMap((host) => {
    const count = counts[host];
    if (count === 0) return [];
    const resources = counted(count, "resource");
    return at.ok("hosts", `${titles[host]} serves ${resources} of this package.`);
  });
}

async function checkLock({ name, options, state }: StackFacts, at: Section): Promise<Check> {
  const { holders } = await new Locks(options.cwd).of(new Pulumi(options), state);
  if (holders.length === 0) return at.ok("lock", "Nobody holds its lock.");
  return at.problem(
    "lock",
    `Stack ${name} is locked: ${holders.join("; ")}.`,
    `Wait for that run to end. If it was killed, remove its lock with \`pulumi cancel --stack ${name}\`.`,
  );
}

function checkInterrupted({ name, state }: StackFacts, at: Section): Check {
  const { pending_operations: pending } = state.deployment;
  if (!pending || pending.length === 0) return at.ok("interrupted", "No run was interrupted.");
  const listed = pending.map(({ type, resource }) => `${type} ${logicalName(resource.urn)}`);
  return at.warning(
    "interrupted",
    `A run was interrupted: ${listed.join(", ")}.`,
    `\`formations recover --stack ${name}\` shows what it left.`,
  );
}

function checkUnfinished({ state }: StackFacts, at: Section): Check {
  const names = state.deployment.resources.flatMap(({ type, urn, outputs = {} }) => {
    if (!definitionOf(type)) return [];
    const { pending, unfinished = [] } = unpack(outputs as Values).marks;
    return pending || unfinished.length > 0 ? [logicalName(urn)] : [];
  });
  if (names.length === 0) return at.ok("unfinished", "No resource waits to be completed.");
  return at.warning(
    "unfinished",
    `The creation or last change of ${names.join(", ")} has not ended.`,
    "The next `pulumi up` resumes it.",
  );
}
