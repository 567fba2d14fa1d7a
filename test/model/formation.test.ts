import fc from "fast-check";
import { test } from "vitest";
import { CitusSimulator, type TuneAttributes } from "../../simulators/citus.ts";
import { formation } from "../citus/subjects.ts";
import { type Model, modelTimeout, tryModel } from "./property.ts";

type Drift = { resized: Partial<TuneAttributes> } | "archived" | "ready";

const tune = fc.constantFrom("t2.small", "r5.large", "r5.xlarge", "c5.xlarge");
const disk = fc.constantFrom(100, 512, 1024);

const wire = {
  coordinatorTune: "coordinator_tune",
  coordinatorDiskSize: "coordinator_disk_size",
  coordinatorHa: "coordinator_ha",
  workerTune: "worker_tune",
  workerCount: "worker_count",
  workerDiskSize: "worker_disk_size",
  workerHa: "worker_ha",
} as const;

const model: Model<CitusSimulator, Drift> = {
  subject: formation,
  simulator() {
    const simulator = new CitusSimulator({ requestsPerMinute: Number.POSITIVE_INFINITY });
    simulator.provisioningSeconds = 0;
    simulator.archivingSeconds = 0;
    return simulator;
  },
  // A wait looks every millisecond.
  access: { citusRequestsPerMinute: "60000" },
  inputs: {
    name: fc.constantFrom("events", "sales"),
    region: fc.constantFrom("us-east-1", "eu-west-1"),
    coordinatorTune: tune,
    coordinatorDiskSize: disk,
    coordinatorHa: fc.boolean(),
    workerTune: tune,
    workerCount: fc.constantFrom(0, 2, 40),
    workerDiskSize: disk,
    workerHa: fc.boolean(),
    allowDuplicateName: fc.boolean(),
  },
  optional: ["name", "coordinatorHa", "workerHa", "allowDuplicateName"],
  kinds: ["create", "same", "replace"],
  mend(program) {
    if (!Object.values(program).includes("t2.small")) return program;
    const t2 = { coordinatorTune: "t2.small", workerTune: "t2.small" };
    return { ...program, ...t2, coordinatorDiskSize: 100, workerDiskSize: 100 };
  },
  drifts: fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        resized: fc.record(
          {
            coordinator_tune: fc.constantFrom("r5.large", "r5.24xlarge", "r7.new"),
            coordinator_disk_size: fc.constantFrom("100", "2048", "4096"),
            coordinator_ha: fc.boolean(),
            worker_count: fc.constantFrom(2, 6),
            worker_ha: fc.boolean(),
          },
          { requiredKeys: [] },
        ),
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom<Drift>("archived", "ready") },
  ),
  drift(simulator, id, drift) {
    if (drift === "archived") simulator.archive(id);
    else if (drift === "ready") simulator.setState(id, "ready");
    else simulator.resize(id, drift.resized);
  },
  differences(simulator, id, program) {
    const seen = simulator.formations.get(id);
    if (!seen) return ["id"];
    const has: Record<string, unknown> = { name: seen.name, region: seen.region };
    for (const [key, name] of Object.entries(wire)) has[key] = seen.tune_attributes[name];
    return Object.entries(program)
      .filter(([key, value]) => key in has && String(has[key]) !== String(value))
      .map(([key]) => `${key} is ${has[key]}`);
  },
  touched: ({ method }) => [method === "POST" ? "create" : "delete"],
  remains: ({ formations }, id) => {
    const left = [...formations.values()].filter(({ state }) => state !== "archived");
    return left.find((one) => one.id === id) ?? left[0];
  },
};

test("formations: after a run the next preview is empty, and the world is as the program asks", {
  timeout: modelTimeout,
}, async () => {
  await tryModel(model, 8);
});
