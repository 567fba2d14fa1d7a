import { systems } from "../../provider";
import { systemClock } from "../../provider/process/clock";
import { fromEnvironment, type Origin } from "../discover/accounts/accounts";
import { definitionOf } from "../stack/deployment";
import type { StackOptions } from "../stack/pulumi";
import { type Configured, checkConfiguration, checkUnknownKeys } from "./checks/configuration";
import { checkOtherSdk, pythonSdkVersion } from "./checks/other-sdks";
import { checkPackages, versionOf } from "./checks/packages";
import { checkPlugin } from "./checks/plugin";
import { checkRunners, checkSchedules } from "./checks/schedules";
import { checkServer, judgedTogether } from "./checks/server";
import { checkStack, countHosts, type StackFacts, type StackFindings } from "./checks/stack";
import { checkNode, checkPulumi } from "./checks/tools";
import { type Check, having, inWords, section } from "./model";
import { findProject, type Project, titles } from "./project";
import type { RequestLog } from "./requests";

/** What an examination needs besides what it looks at. */
export interface Examination {
  log: RequestLog;
  /** Says what is under way, if it takes a while: `Reading the stack`. */
  during<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** Called with the accounts before a request is sent. */
  onAccounts?(configured: readonly Configured[]): Promise<void>;
}

/** Checks everything, in the order in which one thing rests on another. Changes nothing. */
export async function examine(where: StackOptions, how: Examination): Promise<Check[]> {
  const tools = await how.during("Looking at the tools", async () => [
    ...(await guarded("node", "Tools", checkNode)),
    ...(await guarded("pulumi", "Tools", checkPulumi)),
  ]);
  const project = findProject(where.cwd ?? ".");
  const files = await guarded("project", "Project", async () => checkProject(project));
  const isRunnable = having("problem", tools).every(({ id }) => id !== "pulumi");
  const { checks, stack } = await how.during("Reading the stack", () =>
    lookAtStack(where, project, isRunnable),
  );
  if (project?.uses.length === 0 && stack && countHosts(stack).plugin > 0) {
    files.push(...checkPlugin(project, undefined));
  }
  const rest = await examineSystems(stack, project, how);
  const backups = await how.during("Looking at the backups", async () => [
    ...(stack ? await guarded("schedules", "Backups", () => checkSchedules(stack)) : []),
    ...(await guarded("runners", "Backups", () => checkRunners(systemClock.now()))),
  ]);
  return underHeadings([...tools, ...files, ...checks, ...rest, ...backups]);
}

/** The checks of each heading together, in the order in which headings first occur. */
function underHeadings(checks: readonly Check[]): Check[] {
  const headings = [...new Set(checks.map(({ about }) => about))];
  return headings.flatMap((heading) => checks.filter(({ about }) => about === heading));
}

/** A check that fails in a way that nobody thought of does not keep the others from being made. */
async function guarded(id: string, about: string, check: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await check();
  } catch (error) {
    return [section(about).skipped(id, `The check itself failed: ${inWords(error)}`)];
  }
}

function checkProject(project: Project | undefined): Check[] {
  const at = section("Project");
  if (!project)
    return [at.skipped("project", "There is no Pulumi.yaml here: --cwd names a project's folder.")];
  const { folder, runtime = "an unknown runtime", uses } = project;
  const found = at.ok("project", `${folder} (${runtime}).`);
  if (uses.length === 0) {
    const without = at.skipped("host", "No file of the project names pulumi-formations.");
    return [found, without];
  }
  const hosts = uses.map(({ host, file }) => {
    const what = host === "dynamic" ? "the TypeScript classes" : "the resources";
    return `${titles[host]} serves ${what} (${file}).`;
  });
  const isPlugin = uses.some(({ host }) => host === "plugin");
  return [
    ...[found, at.ok("host", hosts.join(" "))],
    ...(uses.some(({ npm }) => npm) ? checkPackages(project) : []),
    ...checkOtherSdk(project),
    ...(isPlugin ? checkPlugin(project, versionOf(project) ?? pythonSdkVersion(project)) : []),
  ];
}

async function lookAtStack(
  where: StackOptions,
  project: Project | undefined,
  isRunnable: boolean,
): Promise<StackFindings> {
  const at = section("Stack");
  if (!isRunnable) return { checks: [at.skipped("stack", "It takes Pulumi to look at a stack.")] };
  if (!project && where.stack === undefined) {
    return { checks: [at.skipped("stack", "There is no project whose stack could be meant.")] };
  }
  let stack: StackFacts | undefined;
  const checks = await guarded("stack", "Stack", async () => {
    const findings = await checkStack(where, project);
    stack = findings.stack;
    return findings.checks;
  });
  return { checks, stack };
}

/** Configuration and servers: with a stack, those of its providers; without a project, the environment's. */
async function examineSystems(
  stack: StackFacts | undefined,
  project: Project | undefined,
  how: Examination,
): Promise<Check[]> {
  const origins = stack ? stack.secrets?.origins : project ? undefined : [fromEnvironment];
  if (!origins) {
    const why =
      "The stack's configuration can't be read, and it takes precedence over the environment's.";
    return [section("Configuration").skipped("configuration", why)];
  }
  const used = new Set([...usesOf(stack), ...programUses(project)]);
  const configured: Configured[] = [];
  const checks: Check[] = [];
  for (const system of systems) {
    const found = await guarded(`${system.name}.configuration`, system.title, async () => {
      const one = checkConfiguration(system, origins, used.has(system.name));
      configured.push(...one.configured);
      return one.checks;
    });
    checks.push(...found);
  }
  await how.onAccounts?.(configured);
  const asked = configured.map(({ account }) => account.title).join(", ");
  const servers = await how.during(`Asking ${asked}`, () =>
    Promise.all(
      configured.map((one) => {
        const { system, title } = one.account;
        return guarded(`${system.name}.server`, title, () => checkServer(one, how.log));
      }),
    ),
  );
  const keys = checkUnknownKeys(origins);
  const unused = having("skipped", checks);
  const found = [
    ...checks.filter((one) => !unused.includes(one)),
    ...judgedTogether(servers.flat()),
  ];
  return [
    ...[...keys, ...nothingConfigured(checks, origins)],
    ...[...found.map((one) => ofNoUse(one, used)), ...unused],
  ];
}

/** What is wrong with a system that the stack has nothing of fails no run. */
function ofNoUse(one: Check, used: ReadonlySet<string>): Check {
  const [system = ""] = one.id.split(".");
  if (one.status !== "problem" || used.size === 0 || used.has(system)) return one;
  const found = `${one.found} No resource of the stack needs it.`;
  return { ...one, status: "warning", found };
}

/** Without any system, nothing works. */
function nothingConfigured(checks: readonly Check[], origins: readonly Origin[]): Check[] {
  if (checks.some(({ status }) => status === "ok" || status === "problem")) return [];
  const empty = having("warning", checks).map(({ found }) => found);
  const where = origins.includes(fromEnvironment)
    ? "the environment configures no system"
    : "neither the stack nor the environment configures a system";
  return [
    section("Configuration").problem(
      "configuration",
      `No token is set: ${where}.`,
      [
        ...empty,
        "Set one, for instance with `pulumi config set --secret formations:citusToken` or in FORMATIONS_CITUS_TOKEN.",
      ].join(" "),
    ),
  ];
}

/** The systems that a program needs configured, as far as its project's file says. */
function programUses(project: Project | undefined): string[] {
  return (project?.types ?? []).flatMap((type) => {
    const definition = definitionOf(type);
    return definition && !("url" in definition.inputs.shape) ? definition.system.name : [];
  });
}

/** The systems whose configured server a stack's resources are on; one may name its server itself. */
function usesOf(stack: StackFacts | undefined): ReadonlySet<string> {
  const { resources = [] } = stack?.state.deployment ?? {};
  return new Set(
    resources.flatMap(({ type, outputs }) => {
      const definition = definitionOf(type);
      return definition && outputs?.url === undefined ? definition.system.name : [];
    }),
  );
}
