import { expect, vi } from "vitest";
import type { Values } from "../../../provider/resource/values.ts";
import type { Fault } from "../../../simulators/kit/fault.ts";
import { formation as subject } from "../../citus/subjects.ts";
import { citusSystem, living } from "./citus.ts";
import { type Declared, Late, type Program, Reference } from "./program.ts";
import type { Sent } from "./record.ts";
import { lifecycle } from "./suite.ts";

const { inputs: args } = subject;

function formation(change: Values = {}, options?: Values): Declared {
  return { type: "Formation", properties: { ...args, ...change }, ...(options && { options }) };
}

const everything = {
  name: "each",
  region: "eu-west-1",
  coordinatorTune: "r5.xlarge",
  coordinatorDiskSize: 1024,
  coordinatorHa: true,
  workerTune: "c5.xlarge",
  workerCount: 4,
  workerDiskSize: 2048,
  workerHa: true,
};
const ignoring = { ignoreChanges: ["workerCount"] };
const made = new Reference("each", "createdAt");

const first: Program = {
  each: formation(),
  named: formation({ name: "named" }),
  fewer: formation({ name: "fewer", coordinatorHa: true, allowDuplicateName: true }),
  spelt: formation({ coordinatorHa: false }),
  ignored: formation({}, ignoring),
  late: formation({ region: new Late("us-west-2", made) }),
  drifted: formation(),
  gone: formation(),
};
const names = Object.keys(first);
const changed: Program = {
  ...first,
  each: formation(everything),
  named: formation({ name: "named", workerCount: 3 }),
  fewer: formation(),
  spelt: formation({ workerCount: "2", coordinatorDiskSize: "512", workerHa: "false" }),
  ignored: formation({ workerCount: 7 }, ignoring),
};
const adopted: Program = {
  ...changed,
  drifted: formation({ workerCount: 4, workerDiskSize: 1024 }),
};
const more: Program = {
  ...adopted,
  spelt: formation({ workerCount: 3 }),
  slow: formation(),
  ready: formation(),
};

/** What a creation sends of the formation; sizes go as strings. */
const wire = {
  region: "us-east-1",
  tune_attributes: {
    coordinator_tune: "r5.large",
    coordinator_disk_size: "512",
    coordinator_ha: false,
    worker_tune: "r5.large",
    worker_count: "2",
    worker_disk_size: "512",
    worker_ha: false,
  },
};
const withTune = (change: object) => ({
  tune_attributes: { ...wire.tune_attributes, ...change },
});
const list = "GET /api/v1/formations/";
const of = (name: string) => `/api/v1/formations/${name}`;
const post = (body: object): Sent => ["POST /api/v1/formations/", body];
const autonamed = (name: string) => expect.stringMatching(new RegExp(`^${name}-[0-9a-f]{7}$`));

/** The creation of a formation like {@link args} whose name the provider makes. */
function creation(name: string, alias = name, change = {}): Sent[] {
  return [post({ ...wire, ...change, name: autonamed(name) }), `GET ${of(alias)}`];
}

/** The end of a replacement: what is left is the new one's. */
function deletion(name: string): string[] {
  return [`DELETE ${of(name)}`, `GET ${of(name)}`];
}

const startsEmpty = (properties: string[]) =>
  properties.map((property) => `warning: ${property}: the new formation starts EMPTY`);
const isNamed = "info: replace: two formations may have one name";
const replacements = {
  each: startsEmpty(Object.keys(everything)),
  named: [isNamed, ...startsEmpty(["workerCount"])],
};
const replaced = {
  each: `replace new first: ${Object.keys(everything).toSorted().join(", ")}`,
  named: "replace new first: workerCount",
};
const kept = (property: string, observed: number, asked: number) =>
  `warning: ${property} is ${observed} on the server but ${asked} in the program. Only a replacement could change it back, so it is kept: put ${observed} into the program.`;
const ignoredDrift = { ignored: [kept("workerCount", 5, 2)] };
const drift = {
  ...ignoredDrift,
  drifted: [kept("workerCount", 4, 2), kept("workerDiskSize", 1024, 512)],
};

/** A look at one formation that ends the wait: it is neither repeated nor taken for gone. */
const brokenLook: Fault = {
  method: "GET",
  path: /\/formations\/\w+$/,
  kind: { type: "status", status: 403, body: { message: "Not today." } },
};
const notToday = (name: string) => `GET ${of(name)} returned 403: Not today.`;
const waiting = { slow: ['info: update: resumes waiting until it is ready (state "converging")'] };

const each = (op: string) => Object.fromEntries(names.map((name) => [name, op]));
const reads = (aliases: string[]) =>
  Object.fromEntries(aliases.map((alias) => [alias.replaceAll("'", ""), [`GET ${of(alias)}`]]));

/** The aliases of the formations that replaced others, in the end. */
const last = new Map(
  ["each", "named", "spelt", "drifted", "gone"].map((name) => [name, `${name}'`]),
);

lifecycle("formations", {
  quickOnPlugin: true,
  system: citusSystem,
  steps: [
    {
      title: "a preview of creations sends nothing",
      program: first,
      run: "preview",
      expected: { plan: each("create") },
    },
    {
      title: "a creation looks in the list that all share, is sent once and waited for",
      run: "up",
      expected: {
        plan: each("create"),
        requests: {
          list: [list],
          ...Object.fromEntries(names.map((name) => [name, creation(name)])),
          named: [post({ ...wire, name: "named" }), `GET ${of("named")}`],
          fewer: [
            post({ ...wire, name: "fewer", ...withTune({ coordinator_ha: true }) }),
            `GET ${of("fewer")}`,
          ],
          late: creation("late", "late", { region: "us-west-2" }),
        },
        contents: {
          each: { state: "steady", tune_attributes: { worker_count: 2 } },
          late: { region: "us-west-2" },
        },
        state: {
          each: {
            id: "each",
            inputs: args,
            outputs: {
              ...args,
              coordinatorHa: false,
              workerHa: false,
              state: "steady",
              createdAt: "(time)",
              databaseUrl: "[secret]",
            },
          },
        },
      },
    },
    {
      title: "a preview without a change is empty, and sends nothing",
      run: "preview",
      expected: {},
    },
    {
      title: "a preview says what a change replaces, why, and what is undecided",
      program: changed,
      run: "preview",
      expected: {
        plan: { ...replaced, late: "replace new first: region" },
        says: {
          ...replacements,
          late: ["info: region: replace: treated as a replacement until the value is known"],
        },
        details: { each: { workerCount: "update-replace" }, late: { region: "update-replace" } },
      },
    },
    {
      title:
        "a replacement is ready before the old one goes; other words, and less, change nothing",
      run: "up",
      expected: {
        plan: replaced,
        says: replacements,
        requests: {
          list: [list],
          each: [
            post({
              name: "each",
              region: "eu-west-1",
              tune_attributes: {
                coordinator_tune: "r5.xlarge",
                coordinator_disk_size: "1024",
                coordinator_ha: true,
                worker_tune: "c5.xlarge",
                worker_count: "4",
                worker_disk_size: "2048",
                worker_ha: true,
              },
            }),
            `GET ${of("each'")}`,
            ...deletion("each"),
          ],
          named: [
            post({
              ...wire,
              name: "named",
              tune_attributes: { ...wire.tune_attributes, worker_count: "3" },
            }),
            `GET ${of("named'")}`,
            ...deletion("named"),
          ],
        },
      },
    },
    {
      title: "a refresh reads each once, sees what drifted and what is gone",
      meanwhile: ({ simulator: citus }) => {
        citus.resize(living(citus, "drifted").id, { worker_count: 4, worker_disk_size: "1024" });
        citus.resize(living(citus, "ignored").id, { worker_count: 5 });
        citus.archive(living(citus, "gone").id);
        citus.answersArchived = false;
      },
      run: "refresh",
      expected: {
        plan: { gone: "delete" },
        says: drift,
        requests: reads([
          "each'",
          "named'",
          "fewer",
          "spelt",
          "ignored",
          "late",
          "drifted",
          "gone",
        ]),
      },
    },
    {
      title: "a preview keeps what drifted, since only a replacement could undo it",
      run: "preview",
      expected: { plan: { gone: "create" }, says: drift },
    },
    {
      title: "drift that the program takes over is none any more; what is gone is created again",
      program: adopted,
      run: "up",
      expected: {
        plan: { gone: "create" },
        says: ignoredDrift,
        requests: {
          list: [list],
          // The list may hold archived ones: what it is can only be seen on its own page.
          gone: [`GET ${of("gone")}`, ...creation("gone", "gone'")],
        },
      },
    },
    {
      title: "creations whose wait fails are in the state; the replaced one is left alone",
      meanwhile: ({ simulator: citus }) => citus.order({ ...brokenLook, times: 3 }),
      program: more,
      run: "up",
      expected: {
        plan: { spelt: "create-replacement", slow: "create", ready: "create" },
        says: { ...ignoredDrift, spelt: startsEmpty(["workerCount"]) },
        errors: {
          spelt: [notToday("spelt'")],
          slow: [notToday("slow")],
          ready: [notToday("ready")],
        },
        failsOnNewer: { spelt: "was not deleted: its replacement spelt' is not ready. The next" },
        requests: {
          list: [list],
          spelt: creation("spelt", "spelt'", withTune({ worker_count: "3" })),
          slow: creation("slow"),
          ready: creation("ready"),
        },
      },
    },
    {
      title: "a refresh ends the creation that it finds ready, and not the one that it doesn't",
      meanwhile: ({ simulator: citus }) => {
        citus.setState(living(citus, "slow").id, "converging");
        for (const name of ["ready", "spelt"]) citus.setState(living(citus, name).id, "steady");
      },
      run: "refresh",
      expected: {
        plan: { slow: "update" },
        says: { ...ignoredDrift, ...waiting },
        besides: {
          host: "plugin",
          because: "its answer that the creation has not ended is one that the engine repeats",
          says: { slow: ["warning: Refreshed resource is in an unhealthy state:"] },
        },
        requests: {
          ...reads(["each'", "named'", "fewer", "ignored", "late", "drifted", "gone'"]),
          ...reads(["slow", "ready"]),
          spelt: expect.arrayContaining([`GET ${of("spelt'")}`, `GET ${of("spelt")}`]),
        },
      },
    },
    {
      title: "a preview says that the next up waits for an unfinished creation",
      run: "preview",
      expected: {
        plan: { slow: "update", spelt: "delete-replaced" },
        says: { ...ignoredDrift, ...waiting },
      },
    },
    {
      title: "the next up resumes waiting, and deletes what was replaced",
      during: async ({ simulator: citus }) => {
        const { id } = living(citus, "slow");
        const isWaiting = () => citus.count("GET", new RegExp(`${id}$`)) > 2;
        await vi.waitUntil(isWaiting, { timeout: 60_000 });
        citus.setState(id, "steady");
      },
      program: { ...more, drifted: formation() },
      run: "up",
      expected: {
        plan: {
          slow: "update",
          spelt: "delete-replaced",
          // Back to the first size, and so to the name that its predecessor still has.
          drifted: "replace new first: workerCount, workerDiskSize",
        },
        says: {
          ...ignoredDrift,
          ...waiting,
          drifted: startsEmpty(["workerCount", "workerDiskSize"]),
        },
        requests: {
          list: [list],
          slow: [`GET ${of("slow")}`],
          spelt: deletion("spelt"),
          drifted: [...creation("drifted", "drifted'"), ...deletion("drifted")],
        },
        contents: { slow: { state: "steady" }, drifted: { state: "archived" } },
      },
    },
    {
      title: "a destruction sends one DELETE each and waits; gone already is done",
      meanwhile: ({ simulator: citus }) => {
        citus.answersArchived = true;
        citus.archive(living(citus, "gone").id);
      },
      run: "destroy",
      expected: {
        plan: Object.fromEntries(Object.keys(more).map((name) => [name, "delete"])),
        requests: Object.fromEntries(
          Object.keys(more).map((name) => [name, deletion(last.get(name) ?? name)]),
        ),
      },
    },
  ],
});
