import { expect, test } from "vitest";
import { widthOf } from "../../../cli/terminal/layout.ts";
import { foreign, project, resource } from "./world.ts";

const formation = (also: object) => ({
  ...{ region: "us-east-1", coordinatorTune: "r5.large", coordinatorDiskSize: 512 },
  ...{ workerTune: "r5.large", workerCount: 4, workerDiskSize: 512, ...also },
});

test("a table, as a terminal shows it", async () => {
  const web = (quantity: number) =>
    resource("web", "AppFormation", { app: "shop", type: "web", size: "gp2", quantity });
  const { run } = project({
    dev: [
      resource("events", "Formation", formation({ name: "events-1a2b3c4", __autoname: true })),
      web(2),
    ],
    production: [
      resource("events", "Formation", formation({ name: "events", workerCount: 8 }), {
        outputs: { workerCount: 12 },
      }),
      foreign("random:index/randomId:RandomId", "id"),
    ],
  });
  expect((await run()).out).toMatchInlineSnapshot(`
    "┌─────────────────────────┬────────────────────────────┬────────────────┐
    │                         │ dev                        │ production     │
    ├─────────────────────────┼────────────────────────────┼────────────────┤
    │ ≠ events (Formation)    │                            │                │
    │ ≠   name                │ events-1a2b3c4 (generated) │ events         │
    │     region              │ us-east-1                  │ us-east-1      │
    │     coordinatorTune     │ r5.large                   │ r5.large       │
    │     coordinatorDiskSize │ 512                        │ 512            │
    │     workerTune          │ r5.large                   │ r5.large       │
    │ ≠   workerCount         │ 4                          │ 8 (server: 12) │
    │     workerDiskSize      │ 512                        │ 512            │
    ├─────────────────────────┼────────────────────────────┼────────────────┤
    │ ≠ web (AppFormation)    │                            │ missing        │
    │     app                 │ shop                       │                │
    │     type                │ web                        │                │
    │     size                │ gp2                        │                │
    │     quantity            │ 2                          │                │
    └─────────────────────────┴────────────────────────────┴────────────────┘
    Resources of other providers, only counted: ≠ random:index/randomId:RandomId
      (dev 0, production 1)
    ≠: not the same in all stacks"
  `);
  expect((await run("--differences", "--format", "markdown")).out).toMatchInlineSnapshot(`
    "|  | <code>dev</code> | <code>production</code> |
    | --- | --- | --- |
    | ≠ **<code>events</code>** <code>Formation</code> |  |  |
    | ≠ <code>name</code> | <code>events-1a2b3c4</code> (generated) | <code>events</code> |
    | ≠ <code>workerCount</code> | <code>4</code> | <code>8</code> (server: <code>12</code>) |
    | ≠ **<code>web</code>** <code>AppFormation</code> |  | **missing** |

    ≠: not the same in all stacks

    <details><summary>Resources of other providers, only counted: 1 type</summary>

    |  | <code>dev</code> | <code>production</code> |
    | --- | --- | --- |
    | ≠ <code>random&#58;index/randomId&#58;RandomId</code> | 0 | 1 |

    </details>"
  `);
});

test.each([1, 3, 4, 12])("a table fits 80 columns, whatever is in it: %i stacks", async (count) => {
  const long = "x".repeat(200);
  const stacks = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `environment-with-a-long-name-${at}`,
      [
        resource(`数据库-${"事件".repeat(30)}`, "Formation", formation({ workerCount: at })),
        resource(long, "AntflyBackupSchedule", {
          ...{ schedule: "0 3 * * *", connection: "a b ".repeat(20) },
          location: `s3://bucket/${long}${at}`,
        }),
        foreign(`aws:${"s3/".repeat(40)}bucket:Bucket`, "one"),
      ],
    ]),
  );
  const { run } = project(stacks);
  const { out } = await run();
  const lines = out.split("\n");
  expect(lines.filter((line) => widthOf(line) > 80 || line.includes("…"))).toEqual([]);
  // The borders are below each other, beside wide characters too.
  const uneven = lines.filter((line, at) => {
    return line.startsWith("│") && widthOf(line) !== widthOf(lines[at - 1] ?? "");
  });
  expect(uneven).toEqual([]);
  // Nothing is cut: all of a value is in its column, one line below the other.
  expect([...out.matchAll(/x/g)].length).toBeGreaterThanOrEqual(200 * (count + 1));
});

const hostile = [
  "a|b\\|c",
  "**bold** _it_ `code` ~~gone~~",
  "<img src=x onerror=alert(1)> &amp; <!-- -->",
  "@everyone #123 GH-1 !7 $1$ https://example.com www.example.com",
  "\u001b[31mred\u001b[0m\u202ereversed\nnext line",
];

test("of a huge value, a cell shows the beginning, and the JSON all", async () => {
  const location = `s3://bucket/${"y".repeat(1_000_000)}`;
  const { run } = project({
    dev: [resource("nightly", "AntflyBackupSchedule", { schedule: "0 3 * * *", location })],
  });
  const { out } = await run();
  expect(out.length).toBeLessThan(4_000);
  expect(out).toContain("(1000012 characters)");
  expect((await run("--format", "json")).out).toContain(location);
});

test.each(hostile)("a hostile name or value is only text: %j", async (text) => {
  const schedule = { schedule: "0 3 * * *", location: "s3://bucket/a", connection: text };
  const { run } = project({
    dev: [
      resource(text, "AntflyBackupSchedule", schedule, { parents: [`shop:index:${text}`] }),
      foreign(`shop:index:${text}`, "one"),
    ],
  });
  const markdown = (await run("--format", "markdown")).out;
  const lines = markdown.split("\n").filter((line) => line.startsWith("|"));
  expect(lines.map((line) => line.split("|").length)).toEqual(lines.map(() => 4));
  const texts = markdown.replaceAll(/<code>[\w .,/=&#;-]*<\/code>/g, "").replaceAll(/\*\*/g, "");
  expect(texts).not.toMatch(/everyone|onerror|bold|red|next|example|b\\/);
  expect(markdown).not.toMatch(/www\.|https:|@|!7/);
  const table = (await run()).out;
  expect(table).not.toMatch(/[^\n\P{C}]/u);
  const json = JSON.parse((await run("--format", "json")).out);
  expect(json.resources[0].name).toBe(text);
});

test("a value that could be taken for another is quoted", async () => {
  const values = ["true", "3", "", " ", "(secret)", "[1]", "–", 'a "quote"'];
  const { run } = project({
    dev: values.map((value, at) =>
      resource(`r${at}`, "Replica", { clusterId: "x", environment: value }),
    ),
  });
  const { out } = await run();
  for (const value of values) expect(out).toContain(`│ ${JSON.stringify(value)} `);
});

test("of one stack, what its program sets is listed", async () => {
  const { run } = project({ dev: [resource("events", "Formation", formation({}))] });
  const { code, out } = await run();
  expect(code).toBe(0);
  expect(out).toContain("workerCount");
  expect(out).not.toContain("≠");
});
