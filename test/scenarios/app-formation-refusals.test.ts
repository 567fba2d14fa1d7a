import { expect, test } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import { stackOf } from "./app-formation-support.ts";
import { errorOf, told } from "./support.ts";

const app = "foo-default";
const web = { app, type: "web", size: "gp2", quantity: 1 };
const worker = { ...web, type: "worker", command: "node worker.js" };
const job = { ...worker, type: "job", oneoff: true };

/** The engine shows the value of a property that is named to it, so one that may hold a secret is not. */
const wrongProperty = /(?: property|'wrong\d' has a problem:) (\S+) /;

test("wrong values are refused in the preview, all of a resource at once, with value and what is allowed", async () => {
  const refused: { args: Values; failures: Record<string, RegExp> }[] = [
    {
      args: {
        app: "foo/default",
        type: "Worker-1",
        size: "",
        quantity: -1,
        port: 80,
        command: "",
        options: { image: "jobs", env: {} },
        quantiy: 2,
      },
      failures: {
        app: /is "foo\/default"; it must be an app's name, such as api-default/,
        type: /is "Worker-1"; it must be made of lower-case letters and digits/,
        size: /is ""; it must be at least 1 character long/,
        quantity: /is -1; it must be at least 0/,
        port: /is 80; it must be at least 1024/,
        command: /is ""; it must be at least 1 character long/,
        "options.image": /it must be an image with a tag, such as jobs:1\.2/,
        "options.env": /it must have at least one entry/,
        quantiy: /is not an input of this resource\..* Inputs: app, type, size/,
      },
    },
    {
      args: {
        ...{ app, type: "worker", size: "gp2", quantity: 33 },
        ...{ port: 8080, healthcheck: "/health", options: { image: "jobs:1" } },
      },
      failures: {
        quantity: /is 33; it must be at most 32/,
        port: /has to be removed: type "worker" cannot have it, only web can/,
        healthcheck: /has to be removed: type "worker" cannot have it, only web can/,
        command: /is required: set it for type "worker", since only web and one-offs can run/,
        options: /has to be removed, or oneoff set to true: only a one-off can have options/,
      },
    },
    {
      args: { app, type: "web", quantity: 1.5, oneoff: true },
      failures: {
        size: /is required/,
        quantity: /is 1\.5; it must be a whole number/,
        oneoff: /has to be removed: a "web" cannot be a one-off, every other type can/,
      },
    },
  ];
  // YAML checks types itself.
  const stack = await stackOf({}, { host: "dynamic" });

  for (const [index, { args, failures }] of refused.entries()) {
    // One after another: the engine may end a preview at the first resource that is refused.
    await stack.declare({ [`wrong${index}`]: { args } });
    const preview = await stack.workspace.preview({ expectFailure: true });
    const errors = preview.diagnostics.filter(({ urn }) => urn?.endsWith(`::wrong${index}`));
    const found = errors.map(({ message }): [string | undefined, string] => [
      wrongProperty.exec(message)?.[1],
      message,
    ]);
    expect(found.map(([property]) => property).sort()).toEqual(Object.keys(failures).sort());
    const messages = new Map(found);
    for (const [property, text] of Object.entries(failures)) {
      expect(messages.get(property)).toMatch(text);
    }
  }
  expect(stack.take().lines).toEqual([]);
});

test("a missing token and a wrong one are told apart, naming the key and the environment variable", async () => {
  const stack = await stackOf({ web: { args: web } }, { config: { akkerisToken: null } });
  const { akkeris, workspace } = stack;
  const withToken = (token: string) => ({ env: { FORMATIONS_AKKERIS_TOKEN: token } });

  const missing = await workspace.up({ expectFailure: true });
  expect(told(missing)).toMatch(
    /Akkeris: the token is missing\. .*formations:akkerisToken.*FORMATIONS_AKKERIS_TOKEN/,
  );
  expect(stack.take().lines).toEqual([]);

  const wrong = await workspace.up({ expectFailure: true, ...withToken("wrong-token-83c1") });
  expect(told(wrong)).toMatch(
    /returned 401 without a message\. formations:akkerisToken \(or FORMATIONS_AKKERIS_TOKEN\) was rejected/,
  );
  expect(told(wrong)).toMatch(/^\s*More: formations help UNAUTHORIZED /m);
  expect(wrong.stdout + wrong.stderr).not.toContain("wrong-token-83c1");
  expect(akkeris.formations(app)).toEqual([]);

  expect((await workspace.up(withToken(akkeris.token))).changes).toEqual({ create: 1 });
});

test("a one-off's environment is secret in state and output, before and after it changes, and in errors", async () => {
  const secrets = ["first-7d1f0c", "second-e92b44", "third-51aa08"];
  const [first, second, third] = secrets;
  const program = (env: string | undefined, more = {}) => ({
    job: {
      args: { ...job, ...(env && { options: { image: "jobs:1", env: { KEY: env } } }), ...more },
    },
  });
  const stack = await stackOf(program(first));
  const { akkeris, workspace } = stack;
  akkeris.addFormation(app);
  const shown: string[] = [];
  const look = async ({ stdout, stderr }: { stdout: string; stderr: string }) => {
    shown.push(stdout, stderr, JSON.stringify(await workspace.exportState()));
  };

  await look(await workspace.up());
  expect(akkeris.formation(app, "job")?.options).toMatchObject({ env: { KEY: first } });
  await stack.declare(program(second));
  await look(await workspace.up({ diff: true, withPreview: true }));
  expect(akkeris.formation(app, "job")?.options).toMatchObject({ env: { KEY: second } });

  // Dropped by the program, it stays in the state beside what the program asked before.
  await stack.declare(program(undefined, { quantity: 2 }));
  await look(await workspace.up({ diff: true, withPreview: true }));
  expect(akkeris.formation(app, "job")?.options).toMatchObject({ env: { KEY: second } });

  // The server repeats what it was sent.
  const kind = { type: "status", status: 422, body: `Invalid env value: ${third}` } as const;
  akkeris.order({ method: "POST", kind });
  await stack.declare(program(third));
  const refused = await workspace.up({ expectFailure: true, diff: true, withPreview: true });
  await look(refused);
  expect(errorOf(refused, "job")).toContain("returned 422: Invalid env value");

  for (const secret of [...secrets, akkeris.token]) expect(shown.join("\n")).not.toContain(secret);
});
