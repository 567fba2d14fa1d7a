import type { Values } from "../../provider/resource/values.ts";
import type { Simulator, SimulatorOptions } from "../../simulators/kit/simulator.ts";
import { running } from "../simulators/kit/testing.ts";
import type { Subject } from "../support/subject.ts";
import { startPlugin } from "./plugin.ts";
import { Resource } from "./resource.ts";
import { configured } from "./wire.ts";

/**
 * A simulator of a resource's system, and a process of the plugin that is configured for it. Both end
 * with the test.
 */
export async function worldOf<S extends Simulator, O extends SimulatorOptions, I extends Values>(
  { name, system, inputs }: Subject<S, O, I>,
  options?: O,
) {
  const simulator = await running(system.simulator(options));
  return { simulator, inputs, again, ...(await again()) };

  /** Another process of the plugin, as the next run of the engine has it. */
  async function again() {
    const plugin = await startPlugin();
    await plugin.configure(configured(system.access(simulator)));
    return { plugin, resource: new Resource(plugin, name) };
  }
}
