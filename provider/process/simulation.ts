/** Names the folder of the simulation that a process belongs to: `formations simulate` sets it. */
export const simulationVariable = "FORMATIONS_SIMULATION";

/**
 * The folder of the simulation that this process belongs to; undefined: it belongs to none. In a simulation,
 * a system's configuration is the environment's, whatever the stack says, and no server gets a request that is
 * not simulated.
 */
export function simulationFolder(environment = process.env): string | undefined {
  return environment[simulationVariable] || undefined;
}

/**
 * Whether a URL is a simulated server's: the environment names them all. Another server of this machine may
 * be a real one behind a forwarded port.
 */
export function isSimulated({ origin }: Pick<URL, "origin">, environment = process.env): boolean {
  return Object.entries(environment).some(
    ([name, value = ""]) =>
      /^FORMATIONS_\w+_URL$/.test(name) && URL.parse(value)?.origin === origin,
  );
}
