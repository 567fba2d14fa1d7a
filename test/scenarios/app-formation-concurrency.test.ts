import { expect, test } from "vitest";
import { configOf, told } from "./support.ts";
import { accessTo, startAkkeris } from "./world.ts";
import { yamlStack } from "./yaml.ts";

const apps = Array.from({ length: 10 }, (_, index) => `app${index}-default`);
const types = ["web", "clock", "mailer", "indexer", "reports"];
const all = apps.flatMap((app) => types.map((type) => ({ app, type })));

/** A program of 50 types of 10 apps, sized by app and type. */
function program(sizeOf: (app: string, type: string) => string, quantity: number) {
  const declared = all.map(({ app, type }) => {
    const command = type === "web" ? {} : { command: `run ${type}` };
    const properties = { app, type, size: sizeOf(app, type), quantity, ...command };
    return [`${app}-${type}`, { type: "formations:index:AppFormation", properties }];
  });
  return Object.fromEntries(declared);
}

test("50 types of 10 apps are created and changed at once, each once, and only the culprit of a batch and an app in maintenance fail", async () => {
  const akkeris = await startAkkeris(...apps);
  const { workspace, declare } = await yamlStack(
    program(() => "gp1", 2),
    configOf(accessTo(akkeris)),
  );
  const rows = () =>
    apps.flatMap((app) =>
      akkeris.formations(app).map(({ type, size, quantity }) => {
        expect(akkeris.running(app, type)).toMatchObject({ size, instances: quantity });
        return `${app}/${type}: ${size} × ${quantity}`;
      }),
    );
  const each = (told: (app: string, type: string) => string) =>
    all.map(({ app, type }) => `${app}/${type}: ${told(app, type)}`).sort();

  await workspace.up();
  expect(rows().sort()).toEqual(each(() => "gp1 × 2"));

  akkeris.maintenance("app7-default", true);
  const isCulprit = (app: string, type: string) => app === "app2-default" && type === "mailer";
  await declare(program((app, type) => (isCulprit(app, type) ? "huge" : "gp2"), 3));
  const failed = await workspace.up({ expectFailure: true, args: ["--continue-on-error"] });
  const isKept = (app: string, type: string) => isCulprit(app, type) || app === "app7-default";
  expect(rows().sort()).toEqual(each((...one) => (isKept(...one) ? "gp1 × 2" : "gp2 × 3")));
  const errors = failed.diagnostics.filter(({ severity, urn }) => severity === "error" && urn);
  const culprits = new Set(errors.map(({ urn }) => urn?.split("::").at(-1)));
  expect([...culprits].sort()).toEqual(
    ["app2-default-mailer", ...types.map((type) => `app7-default-${type}`)].sort(),
  );

  akkeris.maintenance("app7-default", false);
  await declare(program(() => "gp2", 3));
  await workspace.up();
  expect(rows().sort()).toEqual(each(() => "gp2 × 3"));
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 50 });
});
