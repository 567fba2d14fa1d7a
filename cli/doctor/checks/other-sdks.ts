import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { namesIn, textOf } from "../files";
import { type Check, section } from "../model";
import type { Project } from "../project";

const checks = section("Project");

/** The SDK of a program in Go or Python: whether it is where the program finds it, as far as files tell. */
export function checkOtherSdk(project: Project): Check[] {
  if (project.runtime === "go") return checkGo(project);
  if (project.runtime === "python") return checkPython(project);
  return [];
}

function checkGo({ folder }: Project): Check[] {
  const imported = importIn(folder, ".go", /"([\w./-]*pulumi-formations\/sdk\/go)\b/);
  if (imported === undefined) return [];
  const cure = `Run \`go mod edit -replace ${imported}=FOLDER\` with the folder of the Go SDK, then \`go mod tidy\`.`;
  const required = textOf(folder, "go.mod") ?? "";
  const target = new RegExp(`${escaped(imported)}[^\\n]*=>\\s*(\\S+)`).exec(required)?.[1];
  if (target !== undefined) {
    const isThere = !/^[./~]/.test(target) || existsSync(resolve(folder, target));
    return isThere
      ? [checks.ok("sdk", `go.mod replaces ${imported} by ${target}.`)]
      : [
          checks.problem(
            "sdk",
            `go.mod replaces ${imported} by ${target}, which is missing.`,
            cure,
          ),
        ];
  }
  // The module's own name until somebody publishes it: nothing can be downloaded from there.
  if (!required.includes(imported) || imported.startsWith("example.com/")) {
    return [
      checks.problem("sdk", `The program imports ${imported}, to which go.mod has no link.`, cure),
    ];
  }
  return [checks.ok("sdk", `go.mod requires ${imported}.`)];
}

function checkPython({ folder }: Project): Check[] {
  const imported = importIn(folder, ".py", /^\s*(?:from|import)\s+(pulumi_formations)\b/m);
  if (imported === undefined) return [];
  const environment = environmentOf(folder);
  if (environment === undefined) {
    return [
      checks.skipped("sdk", "The project names no virtual environment to look for the SDK in."),
    ];
  }
  const packages = packagesOf(environment);
  if (packages.some((name) => /^(?:__editable__.*)?pulumi_formations\b/.test(name))) {
    return [checks.ok("sdk", `${environment} has the Python SDK.`)];
  }
  return [
    checks.problem(
      "sdk",
      `The program imports ${imported}, which ${environment} does not have.`,
      "Install it there: `pip install pulumi-formations`, or the SDK's folder or wheel.",
    ),
  ];
}

/** The version of the Python SDK in a project's virtual environment, which asks for the plugin's; undefined: there is none. */
export function pythonSdkVersion({ folder, runtime }: Project): string | undefined {
  const environment = runtime === "python" ? environmentOf(folder) : undefined;
  const packages = environment === undefined ? [] : packagesOf(environment);
  return packages.flatMap((name) => /^pulumi_formations-(.+)\.dist-info$/.exec(name)?.[1] ?? [])[0];
}

/** What the sources in a folder import, by the first match of a pattern. */
function importIn(folder: string, ending: string, pattern: RegExp): string | undefined {
  const sources = namesIn(folder).filter((name) => name.endsWith(ending));
  return sources.map((name) => pattern.exec(textOf(folder, name) ?? "")?.[1]).find(Boolean);
}

/** The virtual environment: the one that Pulumi.yaml names, the active one, or one of a usual name. */
function environmentOf(folder: string): string | undefined {
  const named = /^\s*virtualenv:\s*["']?([^"'\n]+?)["']?\s*$/m.exec(
    textOf(folder, "Pulumi.yaml") ?? "",
  )?.[1];
  return [named, process.env.VIRTUAL_ENV, "venv", ".venv"]
    .flatMap((one) => (one ? resolve(folder, one) : []))
    .find((one) => existsSync(one));
}

function packagesOf(environment: string): string[] {
  const libraries = namesIn(join(environment, "lib")).map((name) => join("lib", name));
  return [...libraries, "Lib"].flatMap((library) =>
    namesIn(join(environment, library, "site-packages")),
  );
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
