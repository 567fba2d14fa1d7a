import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../build/repository.ts";
import { resources } from "../provider/index.ts";

const systems = [...new Set(resources.map(({ system }) => `provider/${system.name}`))];

/**
 * The arrows of docs/architecture.md: what each room may import from, besides itself. A room is a
 * folder, or a file that stands alone; the longest name that fits a path is its room.
 */
const core = ["provider/errors.ts", "provider/process", "provider/resource"];
const system = [...core, "provider/http"];
const arrows: Readonly<Record<string, readonly string[]>> = {
  "provider/errors.ts": [],
  "provider/engine-log.ts": ["provider/process"],
  "provider/process": ["provider/errors.ts", "provider/schema/publication.json"],
  "provider/http": ["provider/errors.ts", "provider/process"],
  "provider/resource": ["provider/errors.ts", "provider/process"],
  ...Object.fromEntries(systems.map((folder) => [folder, system])),
  "provider/index.ts": [...systems, "provider/resource"],
  "provider/schema": ["provider/index.ts", "provider/schema/publication.json", ...core],
  "provider/plugin": ["provider/index.ts", "provider/schema", "provider/engine-log.ts", ...core],
  sdk: ["provider/index.ts", "provider/engine-log.ts", ...core],
  "sdk/generator": ["sdk", "provider/index.ts", "provider/schema", ...core],
  cli: ["provider/index.ts", "provider/antfly", "provider/http", "sdk", "simulators", ...core],
  "cli/converter": ["cli", "provider/plugin", ...core],
  simulators: [],
  build: ["site/content"],
  "site/content": [],
  "examples/demo": ["build", "simulators"],
};

/** What the publisher decides: data for code that names an address of the publisher's. */
const decisions = "provider/schema/publication.json";

const rooms = [...Object.keys(arrows), decisions].sort((a, b) => b.length - a.length);

function roomOf(path: string): string | undefined {
  return rooms.find((room) => path === room || path.startsWith(`${room}/`));
}

/** The files that a source file imports by a path of its own, in any of the ways to import. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(repository, file), "utf8");
  const paths = text.matchAll(/\b(?:from|import|require)\b\s*\(?\s*"(\.{1,2}(?:\/[^"]*)?)"/g);
  return [...paths].map(([, path = ""]) => fileAt(normalize(join(dirname(file), path))));
}

/** The source file that a path without an extension means. */
function fileAt(path: string): string {
  const names = [path, `${path}.ts`, join(path, "index.ts")];
  return names.find((name) => sources.has(name)) ?? path;
}

const sources = new Set(
  globSync("{provider,sdk,cli,simulators,build,site/content,examples/demo}/**/*.ts", {
    cwd: repository,
  })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !file.includes("/node_modules/")),
);

test("every source file is in a room", () => {
  expect(sources.size).toBeGreaterThan(200);
  expect([...sources].filter((file) => roomOf(file) === undefined)).toEqual([]);
});

test.each(Object.entries(arrows))("%s imports from nowhere but: %j", (room, allowed) => {
  const files = [...sources].filter((file) => roomOf(file) === room);
  expect(files).not.toEqual([]);
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => {
        const to = roomOf(imported);
        return to !== room && (to === undefined || !allowed.includes(to));
      })
      .map((imported) => `${file} → ${imported}`),
  );
  expect(wrong).toEqual([]);
});
