import { onTestFinished } from "vitest";
import { variablesOf } from "../../../cli/simulate/environment.ts";
import { SimulationFolder } from "../../../cli/simulate/folder.ts";
import { Simulation, type SimulationOptions } from "../../../simulators/index.ts";

/** Starts a simulation in this process, for the running test; a thousand times as fast as the clock. */
export async function startSimulation(
  options: Partial<SimulationOptions> = {},
): Promise<Simulation> {
  const simulation = await new Simulation({ speed: 1_000, ...options }).start();
  onTestFinished(() => simulation.close());
  return simulation;
}

/** The same, with the folder and the variables by which other processes take part. */
export async function joinSimulation(options: Partial<SimulationOptions> = {}) {
  const simulation = await startSimulation(options);
  const folder = SimulationFolder.make();
  onTestFinished(() => folder.remove());
  folder.write(simulation.control);
  const variables = variablesOf(simulation.environment, folder.path);
  return { simulation, folder: folder.path, variables };
}
