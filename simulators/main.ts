import { parseArgs } from "node:util";
import type { CitusSimulator } from "./citus.ts";
import type { RecordedRequest, Simulator, SimulatorOptions } from "./kit/simulator.ts";
import { addPlatformApps, addPlatformConnection, addPlatformPrimary } from "./platform-world.ts";

const usage = `Usage: npm run simulate -- <citus | crunchybridge | akkeris | antfly | all> [options]

Serves a simulator of one of the APIs, or of all four, on 127.0.0.1 until Ctrl-C.

  --port N     the port (default: a free one); with "all" the four take N, N+1, N+2 and N+3
  --speed N    simulated seconds per real second (default 60): with 60, ten minutes of provisioning
               take ten seconds, and five requests per minute become five per second
  --token T    the credential to accept (default: one of the simulator's own); not with "all"
  --help       this text
`;

/** A simulator that is ready to be used, with what a newcomer needs to know about it. */
interface Prepared {
  simulator: Simulator;
  /** Asked once the simulator has a port. */
  environment: () => Record<string, string>;
  /** What its world has in it to begin with. */
  contents: string;
}

/** Imported when asked for only, so that one simulator needs nothing of another. */
const prepare: Record<string, (options: SimulatorOptions) => Promise<Prepared>> = {
  citus: async (options) => {
    const { CitusSimulator } = await import("./citus.ts");
    const simulator = new CitusSimulator(options);
    return {
      simulator,
      environment: () => ({
        FORMATIONS_CITUS_URL: simulator.url,
        FORMATIONS_CITUS_TOKEN: simulator.token,
        // The simulator's minute passes faster. Half of what it allows: the provider may send several
        // at once, which is much of a minute that lasts a second.
        FORMATIONS_CITUS_REQUESTS_PER_MINUTE: String(perMinute(simulator)),
      }),
      contents: "no formation yet",
    };
  },
  crunchybridge: async (options) => {
    const { CrunchyBridgeSimulator } = await import("./crunchybridge.ts");
    const simulator = new CrunchyBridgeSimulator(options);
    const primary = addPlatformPrimary(simulator);
    return {
      simulator,
      environment: () => ({
        FORMATIONS_CRUNCHY_BRIDGE_URL: simulator.url,
        FORMATIONS_CRUNCHY_BRIDGE_API_KEY: simulator.token,
      }),
      contents: `the cluster ${primary.name}, ${primary.id}, to replicate`,
    };
  },
  akkeris: async (options) => {
    const { AkkerisSimulator } = await import("./akkeris.ts");
    const simulator = new AkkerisSimulator(options);
    simulator.addApp("demo-default");
    addPlatformApps(simulator);
    return {
      simulator,
      environment: () => ({
        FORMATIONS_AKKERIS_URL: simulator.url,
        FORMATIONS_AKKERIS_TOKEN: simulator.token,
      }),
      contents:
        "the apps demo-default, shop-dev, shop-staging and shop-production, without formations",
    };
  },
  antfly: async (options) => {
    const { AntflySimulator } = await import("./antfly.ts");
    const simulator = new AntflySimulator(options);
    addPlatformConnection(simulator);
    simulator.addTable("users", { ada: { name: "Ada" }, alan: { name: "Alan" } });
    return {
      simulator,
      environment: () => ({
        FORMATIONS_ANTFLY_URL: simulator.url,
        FORMATIONS_ANTFLY_HEALTH_URL: simulator.healthUrl,
        FORMATIONS_ANTFLY_API_KEY: simulator.token,
      }),
      contents:
        "the table users, with two documents, and the connections bk for file:///… and backups for s3://example-backups/…",
    };
  },
};

/** Half of what the Citus simulator lets through in a minute of this machine's. */
function perMinute({ clock, requestsPerMinute }: CitusSimulator): number {
  return Math.max(1, Math.floor((requestsPerMinute * clock.speed) / 2));
}

function logTo(name: string): (request: RecordedRequest) => void {
  return ({ at, method, path, query, status }) => {
    const search = new URLSearchParams(query).toString();
    const target = search === "" ? path : `${path}?${search}`;
    console.log(`${new Date(at).toISOString()} ${name} ${method} ${target} ${status}`);
  };
}

function readNumber(text: string, name: string, least: number): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= least)) throw new Error(`--${name} can't be "${text}"`);
  return value;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: "string", default: "0" },
      speed: { type: "string", default: "60" },
      token: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [asked = ""] = positionals;
  const names = asked === "all" ? Object.keys(prepare) : [asked];
  if (values.help) {
    console.log(usage);
    return;
  }
  if (positionals.length !== 1 || !names.every((name) => name in prepare)) {
    throw new Error(`name one simulator, or all\n\n${usage}`);
  }
  if (asked === "all" && values.token !== undefined) {
    throw new Error("--token is for one simulator: the four take different credentials");
  }
  const port = readNumber(values.port, "port", 0);
  const speed = readNumber(values.speed, "speed", 0);
  const started: Simulator[] = [];
  for (const [index, name] of names.entries()) {
    const own = { speed, token: values.token, port: port === 0 ? 0 : port + index };
    const prepared = await prepare[name]?.(own);
    if (prepared === undefined) continue;
    const { simulator, environment, contents } = prepared;
    simulator.onAnswer = logTo(name);
    started.push(await simulator.start());
    console.log(`${name}: ${simulator.url}, token ${simulator.token}, with ${contents}`);
    for (const [key, value] of Object.entries(environment())) {
      console.log(`  export ${key}=${value}`);
    }
  }
  console.log(`Time runs ${speed} times as fast as the clock. Ctrl-C ends it.\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void Promise.all(started.map((simulator) => simulator.close())));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
