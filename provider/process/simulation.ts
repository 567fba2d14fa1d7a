/** Names the folder of the simulation that a process belongs to: `formations simulate` sets it. */
export const simulationVariable = "FORMATIONS_SIMULATION";

/**
 * The folder of the simulation that this process belongs to; undefined: it belongs to none. In a simulation,
 * a system's configuration is the environment's, whatever the stack says, and no request leaves this machine.
 */
export function simulationFolder(environment = process.env): string | undefined {
  return environment[simulationVariable] || undefined;
}
