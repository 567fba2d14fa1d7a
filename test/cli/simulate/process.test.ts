import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newUser } from "./command.ts";

const urls = [
  "FORMATIONS_CITUS_URL",
  "FORMATIONS_CRUNCHY_BRIDGE_URL",
  "FORMATIONS_AKKERIS_URL",
  "FORMATIONS_ANTFLY_URL",
];

/** A command that prints its environment as JSON. */
const printEnvironment = [process.execPath, "-p", "JSON.stringify(process.env)"];

/** A command that says that it has started, and then waits; SIGTERM and SIGINT end it with 7. */
const waiting = [
  ...[process.execPath, "-e"],
  `for (const one of ["SIGTERM", "SIGINT"]) process.on(one, () => process.exit(7));
   setInterval(() => {}, 1e6); console.log(process.pid)`,
];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a command gets all that a simulation needs in place of real accounts, and stacks of its own", async () => {
  const real = {
    FORMATIONS_CITUS_TOKEN: "real-token",
    FORMATIONS_ANTFLY_API_KEY_FILE: "/real/file",
    FORMATIONS_INTO_ANTFLY_API_KEY: "real-key",
    FORMATIONS_AKKERIS_AUTH_SCHEME: "real-scheme",
    PULUMI_BACKEND_URL: "s3://real",
  };
  const { run, left } = await newUser(real);

  const { code, out, err } = await run("simulate", "--", ...printEnvironment);

  expect({ code, err }).toEqual({ code: 0, err: "" });
  const env: Record<string, string> = JSON.parse(out);
  for (const name of urls) expect(env[name]).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
  expect(env.FORMATIONS_SIMULATION).toContain("simulation-");
  expect(env.PULUMI_BACKEND_URL).toBe(`file://${env.FORMATIONS_SIMULATION}/stacks`);
  expect(env.PULUMI_CONFIG_PASSPHRASE).toBe("simulated");
  expect(out).not.toContain("real");
  expect(left()).toEqual([]);
});

test("of a system that is left out, a command gets no account either, and another shell is told so", async () => {
  const real = {
    FORMATIONS_ANTFLY_URL: "http://localhost:8080/real",
    FORMATIONS_ANTFLY_API_KEY: "real-key",
    FORMATIONS_CITUS_TOKEN_FILE: "/real/file",
  };
  const { run, formations } = await newUser(real);

  const { out } = await run("simulate", "--system", "akkeris", "--", ...printEnvironment);
  const served = formations("simulate", "--serve", "--system", "akkeris", "--json");
  await expect.poll(served.out).toMatch(/^\}\n/m);

  expect(out).not.toContain("real");
  const { environment } = JSON.parse(served.out());
  expect(Object.keys(real).map((name) => environment[name])).toEqual(["", "", ""]);
});

test("a backend that is a folder, and a passphrase, are kept", async () => {
  const own = { PULUMI_BACKEND_URL: "file:///own", PULUMI_CONFIG_PASSPHRASE: "" };
  const { run } = await newUser(own);

  const { out } = await run("simulate", "--", ...printEnvironment);

  expect(JSON.parse(out)).toMatchObject(own);
});

test.each([
  { command: [process.execPath, "-e", "process.exit(3)"], code: 3, says: "" },
  {
    command: [process.execPath, "-e", "process.kill(process.pid, 'SIGKILL')"],
    code: 137,
    says: "",
  },
  { command: ["no-such-command"], code: 127, says: "The command `no-such-command` was not found." },
  { command: [""], code: 127, says: "The command is empty." },
  { command: ["/dev/null/x"], code: 127, says: "The command `/dev/null/x` was not found." },
  { command: ["/"], code: 126, says: "The command `/` can't be run." },
])("it ends with the exit code of its command: $code", async ({ command, code, says }) => {
  const { run, left } = await newUser();

  const result = await run("simulate", "--", ...command);

  expect(result.code).toBe(code);
  expect(result.err).toContain(says);
  expect(left()).toEqual([]);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s is passed on, once", async (signal) => {
  const { formations, left } = await newUser();
  const { child, out, ended } = formations("simulate", "--", ...waiting);
  await expect.poll(out).toMatch(/^\d+\n/);

  child.kill(signal);

  expect(await ended).toBe(7);
  expect(left()).toEqual([]);
});

/** A shell that starts `waiting` and does not pass on what it gets. */
const nested = ["sh", "-c", '"$@" & wait', "sh", ...waiting];

test.runIf(process.platform !== "win32").each(["SIGTERM", "SIGKILL"] as const)(
  "%s leaves nothing of what its command has started either",
  async (signal) => {
    const { formations, left } = await newUser();
    const { child, out } = formations("simulate", "--", ...nested);
    await expect.poll(out).toMatch(/^\d+\n/);

    child.kill(signal);
    await once(child, "exit");

    await expect.poll(() => isAlive(Number(out()))).toBe(false);
    await expect.poll(left).toEqual([]);
  },
);

test.runIf(process.platform !== "win32")(
  "killed, it leaves neither its command nor its folder",
  async () => {
    const { formations, left } = await newUser();
    const { child, out } = formations("simulate", "--", ...waiting);
    await expect.poll(out).toMatch(/^\d+\n/);
    expect(left()).not.toEqual([]);

    child.kill("SIGKILL");
    await once(child, "exit");

    await expect.poll(() => isAlive(Number(out()))).toBe(false);
    await expect.poll(left).toEqual([]);
  },
);

test("killed, a served simulation does not leave its environment's file either", async () => {
  const { formations, left, temporary } = await newUser();
  const file = join(temporary, "a file.env");
  const { child, out } = formations("simulate", "--serve", "--write-env", file);
  await expect.poll(out).toContain("Ctrl-C");
  expect(existsSync(file)).toBe(true);

  child.kill("SIGKILL");

  await expect.poll(() => [existsSync(file), ...left()]).toEqual([false]);
});

test("a temporary folder that is not there is named, and nothing goes on", async () => {
  const { run } = await newUser({ TMPDIR: "/nosuch" });

  for (const args of [["--", "true"], ["list"]]) {
    const { code, err } = await run("simulate", ...args);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^formations: .*\n.*\n$/),
    });
  }
});

test("a simulation is asked without the proxy that everything else takes", async () => {
  const closed = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: "http://127.0.0.1:9" };
  const { formations, run } = await newUser(closed);
  const { out } = formations("simulate", "--serve");
  await expect.poll(out).toContain("Ctrl-C");

  expect(await run("simulate", "list")).toMatchObject({ code: 0, err: "" });
});

test("two at once don't meet", async () => {
  const { run } = await newUser();

  const results = await Promise.all([0, 1].map(() => run("simulate", "--", ...printEnvironment)));

  const [first, second] = results.map(({ out }): Record<string, string> => JSON.parse(out));
  for (const name of [...urls, "FORMATIONS_SIMULATION", "PULUMI_BACKEND_URL"]) {
    expect(first?.[name]).not.toBe(second?.[name]);
  }
});

test("--serve says in 80 columns how others take part, and ends with Ctrl-C", async () => {
  const { formations, run, temporary, left } = await newUser();
  const file = join(temporary, "simulation.env");
  const { child, out, ended } = formations("simulate", "--serve", "--write-env", file);
  await expect.poll(out).toContain("Ctrl-C ends it all");

  const text = out();
  const prose = text.split("\n").filter((line) => !line.startsWith("export "));
  expect(prose.filter((line) => line.length > 80)).toEqual([]);
  expect(text).toMatch(/^ {2}akkeris {8}http:\/\/127\.0\.0\.1:\d+ {2}4 apps$/m);
  const exported = [...text.matchAll(/^export (\w+)='?(\S+?)'?$/gm)].map(([, ...pair]) =>
    pair.join("="),
  );
  expect(readFileSync(file, "utf8").trim().split("\n")).toEqual(exported);
  // Another shell finds it, without its variables.
  expect((await run("simulate", "list")).out).toContain("app/shop-dev");

  child.kill("SIGINT");

  expect(await ended).toBe(0);
  expect(existsSync(file)).toBe(false);
  expect(left()).toEqual([]);
  const gone = await run("simulate", "list");
  expect(gone).toMatchObject({
    code: 1,
    err: expect.stringContaining("No simulation is running."),
  });
});

test("--serve --json prints the environment as JSON", async () => {
  const { formations } = await newUser();
  const { out } = formations("simulate", "--serve", "--system", "citus", "--json");
  await expect.poll(out).toMatch(/^\}\n/m);

  const { environment, systems, speed } = JSON.parse(out());
  const set = Object.keys(environment).filter((name) => environment[name] !== "");
  expect(set.toSorted()).toEqual([
    "FORMATIONS_CITUS_REQUESTS_PER_MINUTE",
    "FORMATIONS_CITUS_TOKEN",
    "FORMATIONS_CITUS_URL",
    "FORMATIONS_SIMULATION",
  ]);
  expect(systems).toMatchObject([{ name: "citus", isDown: false, things: [] }]);
  expect(speed).toBe(60);
});

test("several that run have to be told apart", async () => {
  const { formations, run } = await newUser();
  const both = [0, 1].map(() => formations("simulate", "--serve"));
  for (const { out } of both) await expect.poll(out).toContain("Ctrl-C");

  const { code, err } = await run("simulate", "list");

  expect(code).toBe(1);
  expect(err).toContain("Several simulations are running. Choose one:");
  expect(err.match(/^ {2}export FORMATIONS_SIMULATION=\S+$/gm)).toHaveLength(2);
});
