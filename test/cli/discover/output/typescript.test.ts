import ts from "typescript";
import { expect, test } from "vitest";
import { named } from "../../../../cli/discover/output/names.ts";
import { typeScriptProgram } from "../../../../cli/discover/output/typescript.ts";
import { appFormation, formation, found, secret } from "./made-up.ts";

/** Runs a program with stand-ins for the classes, and returns what it declares. */
function declared(text: string) {
  const all: { kind: string; name: string; args: Record<string, unknown>; options: unknown }[] = [];
  const classOf = (kind: string) =>
    class {
      id: string;
      constructor(name: string, args: Record<string, unknown>, options: unknown) {
        this.id = `id of ${name}`;
        all.push({ kind, name, args, options });
      }
    };
  const kinds = ["Formation", "Replica", "AppFormation", "AntflySecret"];
  const modules: Record<string, unknown> = {
    "@pulumi/pulumi": {
      Config: class {
        requireSecret = (key: string) => `secret ${key}`;
      },
    },
    "pulumi-formations": Object.fromEntries(kinds.map((kind) => [kind, classOf(kind)])),
  };
  const { outputText, diagnostics } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  expect(diagnostics).toEqual([]);
  new Function("require", "exports", outputText)((name: string) => modules[name], {});
  return all;
}

const replica = (id: string, name: string, clusterId: string) =>
  found("Replica", id, name, { clusterId, name, planId: "hobby-2", networkId: "n1", storage: 10 });

test("a program of one resource of each kind", () => {
  const all = [
    formation("f1", "events", { workerHa: true }),
    replica("r2", "orders-nested", "r1"),
    replica("r1", "orders-copy", "primary"),
    appFormation("shop-dev", "web", { port: 9000, healthcheck: "/health" }),
    secret("openai.api_key"),
  ];

  const { text, secrets } = typeScriptProgram(named(all));

  expect(secrets).toEqual(["openaiApiKey"]);
  expect(text).toBe(`import * as pulumi from "@pulumi/pulumi";
import { AntflySecret, AppFormation, Formation, Replica } from "pulumi-formations";

const config = new pulumi.Config();

const events = new Formation("events", {
  name: "events",
  region: "us-east-1",
  coordinatorTune: "r5.large",
  coordinatorDiskSize: 512,
  workerTune: "r5.large",
  workerCount: 2,
  workerDiskSize: 512,
  workerHa: true,
}, { protect: true });

const ordersCopy = new Replica("orders-copy", {
  clusterId: "primary",
  name: "orders-copy",
  planId: "hobby-2",
  networkId: "n1",
  storage: 10,
});

const ordersNested = new Replica("orders-nested", {
  clusterId: ordersCopy.id,
  name: "orders-nested",
  planId: "hobby-2",
  networkId: "n1",
  storage: 10,
});

const shopDevWeb = new AppFormation("shop-dev-web", {
  app: "shop-dev",
  type: "web",
  size: "gp1",
  quantity: 1,
  port: 9000,
  command: "run web",
  healthcheck: "/health",
});

const openaiApiKey = new AntflySecret("openai.api_key", {
  key: "openai.api_key",
  value: config.requireSecret("openaiApiKey"),
});
`);
  expect(declared(text)).toHaveLength(5);
});

test.each([
  `"; process.exit(); "`,
  "it's `$" + "{process.exit()}`",
  "two\nlines\r\n and a \\ and a tab\t",
  "</script><!-- x -->",
  "\u2028\u2029\u202e\u200b\u0000\ufeff",
  "日本 😀 e\u0301 \ud800",
  "*/ // #",
])("whatever a text has in it, it is written as it is: %j", (odd) => {
  const all = [
    formation("f1", odd),
    appFormation("shop-dev", "web", { command: odd }),
    found("AppFormation", "shop-dev/jobs", "shop-dev/jobs", {
      ...{ app: "shop-dev", type: "jobs", size: "gp1", quantity: 1, oneoff: true },
      options: { image: "jobs:1", env: { [odd]: odd, ["__proto__"]: odd } },
    }),
  ];

  const { text } = typeScriptProgram(named(all));

  const [events, web, jobs] = declared(text);
  expect(events?.args.name).toBe(odd);
  expect(web?.args.command).toBe(odd);
  const env = Object(Object(jobs?.args.options).env);
  expect(Object.entries(env).toSorted()).toEqual(
    [
      ["__proto__", odd],
      [odd, odd],
    ].toSorted(),
  );
  expect(text).not.toMatch(/<\/script|[\u2028\u2029\u202e\u200b\ufeff\0]/);
});

test("nothing is a program too", () => {
  expect(typeScriptProgram([])).toEqual({ text: "\n", secrets: [] });
});
