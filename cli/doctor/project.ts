import { join, resolve } from "node:path";
import { z } from "zod";
import { packageName } from "../../provider/resource/urn";
import { projectFiles, upwards } from "../stack/project";
import { manifestIn, namesIn, textOf } from "./files";

/** A Pulumi project, as far as its files tell. */
export interface Project {
  folder: string;
  /** `nodejs`, `yaml`, `python`, `go`, …; undefined: the file does not say it plainly. */
  runtime?: string;
  /** The folder that `Pulumi.yaml` names as the plugin's; undefined: it names none. */
  pluginFolder?: string;
  /** What its files use of this package. */
  uses: readonly Use[];
  /** The types of this package in the file of a YAML project, whose providers have the stack's configuration. */
  types: readonly string[];
}

/** What serves resources. */
export type Host = "dynamic" | "plugin";

/** The hosts as sentences begin with them. */
export const titles: Record<Host, string> = {
  plugin: "The plugin",
  dynamic: "Pulumi's dynamic provider",
};

/** How a program uses the package. */
export interface Use {
  host: Host;
  /** The file that says so, relative to the project. */
  file: string;
  /** The npm package; undefined: it is in another language. */
  npm?: string;
}

/** The project that a folder is in; undefined: it is in none. */
export function findProject(cwd: string): Project | undefined {
  for (const folder of upwards(cwd)) {
    const text = projectFiles
      .map((name) => textOf(folder, name))
      .find((found) => found !== undefined);
    if (text === undefined) continue;
    const { runtime, pluginFolder } = factsIn(text);
    return {
      ...{ folder, runtime, uses: usesOf(folder, text, { runtime, pluginFolder }) },
      types: runtime === "yaml" ? typesIn(text) : [],
      pluginFolder: pluginFolder === undefined ? undefined : resolve(folder, pluginFolder),
    };
  }
  return undefined;
}

/** What a project's file says plainly. */
interface Facts {
  runtime?: string;
  /** As it is written. */
  pluginFolder?: string;
}

const inJson = z.object({
  runtime: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]),
  plugins: z
    .object({ providers: z.array(z.object({ name: z.string(), path: z.string() })) })
    .optional(),
});

/** A project's file may be JSON, which is YAML too. Of YAML, the usual forms are understood. */
function factsIn(text: string): Facts {
  try {
    const { runtime, plugins } = inJson.parse(JSON.parse(text));
    return { runtime, pluginFolder: plugins?.providers.find(isOurs)?.path };
  } catch {
    return { runtime: runtimeIn(text), pluginFolder: pluginFolderIn(text) };
  }
}

function isOurs({ name }: { name: string }): boolean {
  return name === packageName;
}

/** `runtime: nodejs`, or a block that has the name and options. */
function runtimeIn(text: string): string | undefined {
  return /^runtime:[ \t]*(?:\n(?:[ \t]+.*\n)*?[ \t]+name:\s*)?["']?([\w-]+)/m.exec(text)?.[1];
}

/** The `path` beside the name `formations` in the block `plugins`. */
function pluginFolderIn(text: string): string | undefined {
  const name = String.raw`name:[ \t]*["']?formations["']?`;
  const path = String.raw`path:[ \t]*["']?([^"'\n,}]+?)["']?`;
  const [between, end] = [String.raw`[ \t]*[,\n]\s*`, String.raw`\s*[,}\n]`];
  const either = new RegExp(`${name}${between}${path}${end}|${path}${between}${name}${end}`);
  const [, after, before] = either.exec(`${text}\n`) ?? [];
  return after ?? before;
}

/** Where a program has providers of its own, nobody knows which of its resources need the stack's configuration. */
function typesIn(text: string): string[] {
  if (text.includes(`pulumi:providers:${packageName}`)) return [];
  const types = text.matchAll(/^[^#\n]*["']?type["']?:[ \t]*["']?formations:(?:index:)?(\w+)/gm);
  return [...types].map(([, name]) => `${packageName}:index:${name}`);
}

function usesOf(folder: string, text: string, { runtime, pluginFolder }: Facts): Use[] {
  if (runtime === "yaml") {
    const isUsed = /\bformations:/.test(text) || pluginFolder !== undefined;
    return isUsed ? [{ host: "plugin", file: "Pulumi.yaml" }] : [];
  }
  if (runtime === "nodejs" || runtime === "bun") return npmUses(folder);
  const files = namesIn(folder).filter((name) => usingFiles.test(name));
  const file = files.find((name) => usage.test(textOf(folder, name) ?? ""));
  if (file !== undefined) return [{ host: "plugin", file }];
  // What `pulumi package add` writes.
  return /\bformations\b/.test(text) ? [{ host: "plugin", file: "Pulumi.yaml" }] : [];
}

/** Where programs in other languages name their packages, or import them. */
const usingFiles =
  /\.(?:py|go|csproj|fsproj)$|^(?:requirements.*\.txt|pyproject\.toml|go\.mod|pom\.xml|build\.gradle(?:\.kts)?)$/;
const usage = /pulumi[-_.]formations|sdks[\\/]formations/i;

function npmUses(folder: string): Use[] {
  const own = upwards(folder).find((one) => manifestIn(one) !== undefined);
  const { dependencies, devDependencies } = (own && manifestIn(own)) || {};
  const file = own === folder || own === undefined ? "package.json" : join(own, "package.json");
  return Object.keys({ ...devDependencies, ...dependencies }).flatMap((npm): Use[] => {
    if (npm === "pulumi-formations") return [{ host: "dynamic", file, npm }];
    const isSdk = npm === "pulumi-formations-sdk" || npm.endsWith("/formations");
    return isSdk ? [{ host: "plugin", file, npm }] : [];
  });
}
