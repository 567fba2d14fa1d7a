import type { Values } from "../../provider/resource/values.ts";
import { reference, yamlProgram } from "../engine/yaml.ts";
import { formationInputs as formation } from "../support/formation-inputs.ts";
import { appNames, location, primaryId } from "./world.ts";

/** A resource of both hosts' programs. */
interface Declared {
  type: "Formation" | "Replica" | "AppFormation" | "AntflyBackupSchedule" | "AntflySecret";
  args: Values;
  /** The replica that it replicates, by its name in the program. */
  parent?: string;
  dependsOn?: string;
  /** On the plugin it has an explicit provider. */
  isElsewhere?: boolean;
}

/** A program has two versions: what changes between them is updated or replaced, in either order. */
export type Version = "first" | "second";

const [shop, mail] = appNames;
const nightly = { schedule: "0 3 * * *", location, connection: "backups" };
const elsewhere = { providerId: "aws", planId: "standard-8" };

/** Twenty resources of all five kinds: with names and without, on two providers, behind one another. */
function twenty(version: Version): Record<string, Declared> {
  const pick = <T>(first: T, second: T) => (version === "first" ? first : second);
  return {
    // Replaced, the new one first; `named` keeps its name.
    events: { type: "Formation", args: { ...formation, workerCount: pick(2, 3) } },
    named: {
      type: "Formation",
      args: { ...formation, name: "metrics", workerCount: pick(2, 3) },
    },
    logs: { type: "Formation", args: formation },
    archive: { type: "Formation", args: formation, dependsOn: "logs", isElsewhere: true },
    // Updated in place, with operations that take time.
    copy: {
      type: "Replica",
      args: {
        clusterId: primaryId,
        environment: "production",
        storage: 200,
        isHa: pick(false, true),
      },
    },
    copyOfCopy: {
      type: "Replica",
      args: { maintenanceWindowStart: pick(3, 4), planId: pick("standard-8", "standard-16") },
      parent: "copy",
    },
    // Replaced: the new one first, the old one first (its name is kept), and what hangs on that.
    far: {
      type: "Replica",
      args: { clusterId: primaryId, ...elsewhere, regionId: pick("us-west-2", "eu-west-1") },
      isElsewhere: true,
    },
    reports: {
      type: "Replica",
      args: {
        ...{ clusterId: primaryId, name: "reports", isHa: true, ...elsewhere },
        regionId: pick("us-west-2", "eu-west-1"),
      },
    },
    copyOfReports: { type: "Replica", args: {}, parent: "reports" },
    // Two of one app that are updated together, and one that stays.
    web: {
      type: "AppFormation",
      args: { app: shop, type: "web", size: "gp1", quantity: pick(2, 3), healthcheck: "/health" },
    },
    worker: {
      type: "AppFormation",
      args: { app: shop, type: "worker", size: pick("gp1", "gp2"), quantity: 3, command: "work" },
    },
    clock: {
      type: "AppFormation",
      args: { app: shop, type: "clock", size: "gp1", quantity: 1, command: "tick" },
    },
    // Replaced: the old one first, in the same place, with a secret; and the new one first.
    job: {
      type: "AppFormation",
      args: {
        ...{ app: mail, type: "job", size: "gp1", quantity: 2, command: "run", oneoff: true },
        options: { image: pick("jobs:1", "jobs:2"), env: { KEY: "env-value-7d1f" } },
      },
    },
    sender: {
      type: "AppFormation",
      args: {
        app: mail,
        type: pick("sender", "mailer"),
        size: "gp1",
        quantity: 2,
        command: "send",
      },
      isElsewhere: true,
    },
    // Updated, replaced, and one that stays.
    openai: { type: "AntflySecret", args: { key: "openai.key", value: pick("sk-1", "sk-2") } },
    moved: { type: "AntflySecret", args: { key: pick("old.key", "new.key"), value: "sk-moved" } },
    kept: { type: "AntflySecret", args: { key: "kept.key", value: "sk-kept" }, isElsewhere: true },
    nightly: {
      type: "AntflyBackupSchedule",
      args: { ...nightly, schedule: pick("0 3 * * *", "0 4 * * *") },
    },
    weekly: {
      type: "AntflyBackupSchedule",
      args: { ...nightly, location: `${location}/${pick("weekly", "sunday")}` },
    },
    yearly: { type: "AntflyBackupSchedule", args: nightly, dependsOn: "nightly" },
  };
}

/** What a dynamic host's program has of them: each kind, each way of being replaced. */
const onDynamic = [
  ...[
    "events",
    "named",
    "copy",
    "copyOfCopy",
    "reports",
    "web",
    "worker",
    "job",
    "moved",
    "nightly",
  ],
];

/** A program of either host. */
export interface Program {
  /** The resources' types by their names. */
  types: ReadonlyMap<string, Declared["type"]>;
  /** The file that holds it, and its text. */
  file: string;
  text: string;
}

/** The plugin's program, in YAML. `config` has the explicit provider's settings. */
export function yaml(version: Version, plugin: string, config: Values): Program {
  const declared = twenty(version);
  const account = { type: "pulumi:providers:formations", properties: config };
  const resources = Object.entries(declared).map(([name, one]) => {
    const clusterId = one.parent && { clusterId: reference(`${one.parent}.id`) };
    const options = {
      ...(one.dependsOn && { dependsOn: [reference(one.dependsOn)] }),
      ...(one.isElsewhere && { provider: reference("elsewhere") }),
    };
    const properties = { ...one.args, ...clusterId };
    return [name, { type: `formations:index:${one.type}`, properties, options }];
  });
  const text = yamlProgram(plugin, { elsewhere: account, ...Object.fromEntries(resources) });
  return { types: typesOf(declared), file: "Pulumi.yaml", text };
}

/** The dynamic host's program, in TypeScript. */
export function typeScript(version: Version): Program {
  const declared = Object.fromEntries(
    Object.entries(twenty(version)).filter(([name]) => onDynamic.includes(name)),
  );
  const statements = Object.entries(declared).map(([name, { type, args, parent }]) => {
    const clusterId = parent ? `clusterId: ${parent}.id` : "";
    const given = `{ ...${JSON.stringify(args)}, ${clusterId} }`;
    return `const ${name} = new ${type}("${name}", ${given});`;
  });
  const imports = [...new Set(typesOf(declared).values())].join(", ");
  const lines = [`import { ${imports} } from "pulumi-formations";`, ...statements];
  return { types: typesOf(declared), file: "index.ts", text: lines.join("\n") };
}

function typesOf(declared: Record<string, Declared>): Map<string, Declared["type"]> {
  return new Map(Object.entries(declared).map(([name, { type }]) => [name, type]));
}
