import { isDeepStrictEqual } from "node:util";
import { type AntflyServers, antfly } from "../../provider/antfly/system";
import { type Clock, systemClock } from "../../provider/process/clock";
import { resolveConfig } from "../../provider/resource/config";
import type { Values } from "../../provider/resource/values";

/** What connections are made with. Defaults: the process's environment, and the machine's clock. */
export interface ConnectionOptions {
  environment?: NodeJS.ProcessEnv;
  clock?: Clock;
}

/**
 * The Antfly servers that one command talks to. Each configuration has its servers once, so that a
 * server is asked once which dialect it speaks, however often schedules are read.
 */
export class Connections {
  readonly environment: NodeJS.ProcessEnv;
  readonly #clock: Clock;
  readonly #opened: { config: Values; servers: AntflyServers }[] = [];

  constructor({ environment = process.env, clock = systemClock }: ConnectionOptions = {}) {
    this.environment = environment;
    this.#clock = clock;
  }

  /**
   * The servers that a configuration describes, as {@link resolveConfig} reads it.
   *
   * @param read gives a stack's value of a key. Default: only the environment counts
   * @param overrides variables that replace the environment's
   * @throws ConfigurationError if a value is malformed
   */
  to(
    read: (key: string) => unknown = () => undefined,
    overrides: NodeJS.ProcessEnv = {},
  ): AntflyServers {
    const config = resolveConfig(antfly, read, { ...this.environment, ...overrides });
    const known = this.#opened.find((one) => isDeepStrictEqual(one.config, config));
    if (known) return known.servers;
    const servers = antfly.connect(config, this.#clock);
    this.#opened.push({ config, servers });
    return servers;
  }
}
