import type { Clock } from "../../provider/process/clock.ts";
import { resolveConfig } from "../../provider/resource/config.ts";
import type { System } from "../../provider/resource/definition.ts";
import type { Values } from "../../provider/resource/values.ts";

/** The API of a system, as a stack with this configuration reaches it: the environment adds nothing. */
export function connect<Api>(system: System<Api>, config: Values, clock: Clock): Api {
  return system.connect(
    resolveConfig(system, (key) => config[key], {}),
    clock,
  );
}
