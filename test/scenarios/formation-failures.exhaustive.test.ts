import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import type { Workspace } from "../../build/engine/workspace.ts";
import type { Fault } from "../../simulators/kit/fault.ts";
import { formation, living, stackOf } from "./formation-support.ts";
import { told } from "./support.ts";

const key = "formations:citusToken";
const variable = "FORMATIONS_CITUS_TOKEN";

test("a missing token is told apart from a wrong one; the token of the environment is as good", async () => {
  const { citus, workspace, sent } = await stackOf(formation(), { config: { citusToken: null } });

  const missing = await workspace.up({ expectFailure: true });
  expect(told(missing)).toContain("the API token is missing");
  expect(told(missing)).toContain(`pulumi config set --secret ${key}`);
  expect(told(missing)).toContain(variable);
  expect(sent()).toEqual([]);

  const wrongToken = "wrong-token-4711";
  const wrong = await workspace.up({ expectFailure: true, env: { [variable]: wrongToken } });
  expect(told(wrong)).toContain("returned 401: Invalid token.");
  expect(told(wrong)).toContain(`${key} (or ${variable}) was rejected`);
  expect(wrong.stdout + wrong.stderr).not.toContain(wrongToken);
  expect(sent()).toEqual(["GET /formations/"]);

  await workspace.up({ env: { [variable]: citus.token } });
  expect(living(citus).state).toBe("steady");
});

test.each(["plugin", "dynamic"] as const)(
  "%s: a token that was replaced is used from the next up; what is refused until then loses nothing",
  async (host) => {
    const { citus, workspace } = await stackOf(formation(), { host });
    await workspace.up();
    const { id } = living(citus);
    citus.token = "citus-token-rotated";

    const refused = await workspace.refresh({ expectFailure: true });
    expect(told(refused)).toContain("returned 401: Invalid token.");
    expect(resourceNamed(await workspace.exportState(), "it").id).toBe(id);

    await workspace.setConfig({ [key]: { secret: citus.token } });
    expect((await workspace.up()).changes).toEqual({ same: 1 });
    expect((await workspace.refresh()).changes).toEqual({ same: 1 });
  },
);

/** A failing answer, and what the error says of it besides what was asked. */
interface Failure {
  fault: Omit<Fault, "method" | "path">;
  says: string;
}

const status = (status: number, body: string | object): Failure["fault"] => ({
  // Retried without a pause, as far as it is retried.
  kind: { type: "status", status, body, headers: { "retry-after": "0" } },
});

const address = "Check that formations:citusUrl (or FORMATIONS_CITUS_URL) points to the API.";

const failures: Failure[] = [
  { fault: status(403, { message: "Not yours." }), says: "returned 403: Not yours." },
  { fault: { ...status(500, "Oh no"), times: 5 }, says: "returned 500: Oh no (5 tries)" },
  {
    fault: { kind: { type: "cutJson" }, times: 5 },
    says: "returned 200 with malformed or cut-off JSON (5 tries)",
  },
  {
    fault: { kind: { type: "html" } },
    says: `returned 200 with an HTML page titled "Sign in". ${address}`,
  },
  {
    fault: { kind: { type: "html", status: 404 } },
    says: `returned 404 with an HTML page titled "Sign in". ${address}`,
  },
];

test("an answer that is none is a clear error of a refresh, and nothing is lost", async () => {
  const { citus, workspace } = await stackOf(formation());
  await workspace.up();
  const before = await stateOfIt(workspace);

  for (const { fault, says } of failures) {
    citus.clearRequests();
    citus.order({ method: "GET", ...fault });
    const refreshed = await workspace.refresh({ expectFailure: true });
    // Where something else than the API responds, the whole address is named.
    const path = `/api/v1/formations/${before.id} `;
    const said = told(refreshed).replace(`GET ${new URL(citus.url).origin}/`, "GET /");
    expect(said).toContain(`error: Citus Cloud: could not read formation: GET ${path}${says}`);
    expect(citus.requests).toHaveLength(fault.times ?? 1);
  }

  expect(await stateOfIt(workspace)).toEqual(before);
  expect((await workspace.refresh()).changes).toEqual({ same: 1 });
});

test("an API that can't be reached is a clear error, and nothing is lost", async () => {
  const { citus, workspace } = await stackOf(formation());
  await workspace.up();
  const before = await stateOfIt(workspace);
  await citus.refuse();

  const refreshed = await workspace.refresh({ expectFailure: true });
  const { host } = new URL(citus.url);
  expect(told(refreshed)).toContain(`got no response from ${host}: the connection was refused`);
  expect(told(refreshed)).toContain(address);
  expect(await stateOfIt(workspace)).toEqual(before);

  await citus.start();
  expect((await workspace.refresh()).changes).toEqual({ same: 1 });
});

test("a creation that is refused is a clear error, and the next run creates", async () => {
  const { citus, workspace, sent } = await stackOf(formation());
  citus.order({ method: "POST", ...status(422, { message: "Out of quota." }) });

  const refused = await workspace.up({ expectFailure: true });
  expect(told(refused)).toContain(
    "could not create formation: POST /api/v1/formations/ returned 422: Out of quota.",
  );
  expect(sent()).toEqual(["GET /formations/", "POST /formations/"]);

  await workspace.up();
  expect(citus.formations.size).toBe(1);
});

test("a deletion that fails keeps the formation in the state, and can be run again", async () => {
  const { citus, workspace } = await stackOf(formation());
  await workspace.up();
  const before = await stateOfIt(workspace);
  citus.order({ method: "DELETE", ...status(403, { message: "Not yours." }) });

  const failed = await workspace.destroy({ expectFailure: true });
  expect(told(failed)).toContain("could not destroy formation: DELETE");
  expect(told(failed)).toContain("returned 403: Not yours.");
  expect(await stateOfIt(workspace)).toEqual(before);

  // The answer to this one is lost; asked again, the server has none any more.
  citus.order({ method: "DELETE", kind: { type: "cutJson" } });
  expect((await workspace.destroy()).changes).toEqual({ delete: 1 });
  expect(citus.formations.get(before.id ?? "")?.state).toBe("archived");
});

/** What the state has of the formation; without secrets in ciphertext, which differs each time. */
async function stateOfIt(workspace: Workspace) {
  const { id, inputs, outputs } = resourceNamed(
    await workspace.exportState({ showSecrets: true }),
    "it",
  );
  return { id, inputs, outputs };
}
