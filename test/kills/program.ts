import type { Values } from "../../provider/resource/values.ts";
import { reference, yamlProgram } from "../engine/yaml.ts";
import { subjects } from "../subjects.ts";
import type { Mixed, Pick, Version } from "../support/subject.ts";

/** A resource of the program, and its type's name in the package. */
interface Declared extends Mixed {
  type: string;
}

/** A program of either host. */
export interface Program {
  /** The resources' types by their names. */
  types: ReadonlyMap<string, string>;
  /** The file that holds it, and its text. */
  file: string;
  text: string;
}

/** Resources of all kinds: with names and without, on two providers, behind one another. */
function mixed(version: Version): Record<string, Declared> {
  const pick: Pick = (first, second) => (version === "first" ? first : second);
  const rows = subjects.flatMap(({ name: type, mixed }) =>
    Object.entries(mixed(pick)).map(([name, row]) => [name, { ...row, type }] as const),
  );
  return Object.fromEntries(rows);
}

/** The plugin's program, in YAML. `config` has the explicit provider's settings. */
export function yaml(version: Version, plugin: string, config: Values): Program {
  const declared = mixed(version);
  const account = { type: "pulumi:providers:formations", properties: config };
  const resources = Object.entries(declared).map(([name, one]) => {
    const { type, args, from, dependsOn, isElsewhere } = one;
    const options = {
      ...(dependsOn && { dependsOn: [reference(dependsOn)] }),
      ...(isElsewhere && { provider: reference("elsewhere") }),
    };
    const properties = { ...args, ...(from && { [from.input]: reference(`${from.resource}.id`) }) };
    return [name, { type: `formations:index:${type}`, properties, options }];
  });
  const text = yamlProgram(plugin, { elsewhere: account, ...Object.fromEntries(resources) });
  return { types: typesOf(declared), file: "Pulumi.yaml", text };
}

/** The dynamic host's program, in TypeScript: each kind, each way of being replaced. */
export function typeScript(version: Version): Program {
  const declared = Object.fromEntries(
    Object.entries(mixed(version)).filter(([, { isOnBothHosts }]) => isOnBothHosts),
  );
  const statements = Object.entries(declared).map(([name, { type, args, from }]) => {
    const id = from ? `${from.input}: ${from.resource}.id` : "";
    const given = `{ ...${JSON.stringify(args)}, ${id} }`;
    return `const ${name} = new ${type}("${name}", ${given});`;
  });
  const imports = [...new Set(typesOf(declared).values())].join(", ");
  const lines = [`import { ${imports} } from "pulumi-formations";`, ...statements];
  return { types: typesOf(declared), file: "index.ts", text: lines.join("\n") };
}

function typesOf(declared: Record<string, Declared>): Map<string, string> {
  return new Map(Object.entries(declared).map(([name, { type }]) => [name, type]));
}
