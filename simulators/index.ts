export type { SimulationCommand } from "./simulation/control.ts";
export { SimulationProblem } from "./simulation/problem.ts";
export {
  type ListedSystem,
  Simulation,
  type SimulationOptions,
} from "./simulation/simulation.ts";
