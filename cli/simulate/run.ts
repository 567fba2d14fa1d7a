import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { toldInFull } from "../../provider/process/more";
import { print } from "../../provider/process/output";
import type { ListedSystem, Simulation } from "../../simulators/index.js";
import { fail, printJson } from "../say";
import { CommandNotRun, endings, runCommand } from "./child";
import type { SimulateFlags } from "./command";
import { environmentFor, type Variables, variablesOf, writeEnvFile } from "./environment";
import { SimulationFailed } from "./errors";
import { SimulationFolder } from "./folder";
import { requestLog, startText } from "./output";

/** A simulation that runs, with the folder of what its processes share. */
interface Running {
  simulation: Simulation;
  folder: SimulationFolder;
  variables: Variables;
}

/**
 * Runs a command in a simulation, and ends with its exit code.
 *
 * @throws SimulationFailed if the flags are at fault
 */
export async function simulate(command: readonly string[], flags: SimulateFlags): Promise<void> {
  const running = await start(flags);
  const { simulation, folder, variables } = running;
  try {
    mkdirSync(join(folder.path, "stacks"));
    const { env } = environmentFor(variables, folder.path);
    const how = { env, isQuiet: flags.json ?? false };
    process.exitCode = await runCommand(command, how, (target) => folder.protect(target));
  } catch (error) {
    if (!(error instanceof CommandNotRun)) throw error;
    fail(toldInFull(error));
    process.exitCode = error.exitCode;
  } finally {
    await end(running);
  }
  if (flags.json) {
    print(JSON.stringify(resultOf(simulation, process.exitCode)));
  } else reportFaults(simulation);
}

/**
 * Serves a simulation until a signal ends it.
 *
 * @throws SimulationFailed if the flags are at fault
 */
export async function serve(flags: SimulateFlags): Promise<void> {
  const running = await start(flags);
  const { simulation, folder, variables } = running;
  try {
    const ended = Promise.race(endings.map((signal) => once(process, signal).then(() => signal)));
    if (flags.writeEnv) {
      folder.alsoRemove(flags.writeEnv);
      writeVariables(flags.writeEnv, variables);
    }
    const systems = simulation.list();
    const { speed } = flags;
    if (flags.json) printJson({ environment: variables, systems, speed });
    else print(startText(systems, variables, speed));
    const signal = await ended;
    // Ctrl-C is how a person ends it.
    process.exitCode = signal === "SIGHUP" ? 128 + constants.signals[signal] : 0;
  } finally {
    if (flags.writeEnv) rmSync(flags.writeEnv, { force: true });
    await end(running);
  }
  reportFaults(simulation);
}

async function start(flags: SimulateFlags): Promise<Running> {
  const { system, seed, fault, speed, log, writeEnv } = flags;
  if (writeEnv !== undefined && existsSync(writeEnv)) {
    throw new SimulationFailed(`${writeEnv} exists already. Remove it, or name another file.`);
  }
  // Loaded here: no other command needs the simulators.
  const { Simulation, SimulationProblem } = await import("../../simulators/index.js");
  try {
    const simulation = new Simulation({
      ...{ systems: system, faults: fault, speed },
      seed: seed === undefined ? undefined : { text: readSeed(seed), file: seed },
      onRequest: log === undefined ? undefined : requestLog(log),
    });
    const folder = SimulationFolder.make();
    await simulation.start();
    folder.write(simulation.control);
    return { simulation, folder, variables: variablesOf(simulation.environment, folder.path) };
  } catch (error) {
    if (error instanceof SimulationProblem) throw new SimulationFailed(error.message);
    throw error;
  }
}

async function end({ simulation, folder }: Running): Promise<void> {
  await simulation.close();
  folder.remove();
}

function readSeed(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new SimulationFailed(`The seed can't be read: ${(error as Error).message}`);
  }
}

function writeVariables(file: string, variables: Variables): void {
  try {
    writeEnvFile(file, variables);
  } catch (error) {
    throw new SimulationFailed(`${file} can't be written: ${(error as Error).message}`);
  }
}

function reportFaults({ faultsLeft }: Simulation): void {
  for (const text of faultsLeft) fail(`The fault "${text}" never struck.`);
}

function resultOf(simulation: Simulation, exitCode: unknown) {
  const systems: ListedSystem[] = simulation.list();
  return { exitCode, faultsLeft: simulation.faultsLeft, systems };
}
