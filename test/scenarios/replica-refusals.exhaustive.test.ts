import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import type { Fault } from "../../simulators/kit/fault.ts";
import { replica, stackOf } from "./replica-support.ts";
import { refusals, told } from "./support.ts";

test("wrong values are refused in the preview, all at once, each with what is allowed", async () => {
  const wrong = {
    ...{ clusterId: "orders-primary", name: "1st", planId: "", networkId: "vpc-1", storage: 0.5 },
    ...{ isHa: "maybe", environment: 1, isProtected: 1, maintenanceWindowStart: 24 },
    ...{ detached: "yes", plan: "standard-8" },
  };
  // YAML checks types itself.
  const { workspace, declare, sent } = await stackOf(replica(wrong), { host: "dynamic" });
  const id = "it must be an EID (26 letters a–z and digits 2–7) or a UUID";

  expect(refusals(await workspace.preview({ expectFailure: true }))).toEqual([
    `clusterId value {orders-primary} has a problem: is "orders-primary"; ${id}`,
    'detached value {yes} has a problem: is "yes"; it must be of type boolean',
    "environment value {1} has a problem: is 1; it must be of type string",
    'isHa value {maybe} has a problem: is "maybe"; it must be of type boolean',
    "isProtected value {1} has a problem: is 1; it must be of type boolean",
    "maintenanceWindowStart value {24} has a problem: is 24; it must be at most 23",
    'name value {1st} has a problem: is "1st"; it must be at least 5 characters long',
    'name value {1st} has a problem: is "1st"; it must start with a letter',
    `networkId value {vpc-1} has a problem: is "vpc-1"; ${id}`,
    expect.stringContaining(
      "plan value {standard-8} has a problem: is not an input of this resource",
    ),
    'planId value {} has a problem: is ""; it must be at least 1 character long',
    "storage value {0.5} has a problem: is 0.5; it must be a whole number",
  ]);

  const networkId = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
  await declare(replica({ networkId, providerId: "aws" }));
  expect(refusals(await workspace.preview({ expectFailure: true }))).toEqual([
    expect.stringContaining(
      `networkId value {${networkId}} has a problem: is "${networkId}" while providerId is "aws"; only one of them is allowed`,
    ),
    expect.stringContaining(
      'providerId value {aws} has a problem: is "aws" without planId and regionId; with a provider, both planId and regionId must be set',
    ),
  ]);
  expect(sent()).toEqual([]);
});

test("a missing key and a wrong one are told apart, each with its configuration key and variable", async () => {
  const config = { crunchyBridgeApiKey: null };
  const { bridge, workspace, sent, living } = await stackOf(replica(), { config });

  expect((await workspace.preview()).changes).toEqual({ create: 1 });
  const missing = await workspace.up({ expectFailure: true });
  expect(told(missing)).toContain("Crunchy Bridge: the API key is missing.");
  expect(told(missing)).toContain(
    "`pulumi config set --secret formations:crunchyBridgeApiKey` or in the environment variable FORMATIONS_CRUNCHY_BRIDGE_API_KEY",
  );
  expect(sent()).toEqual([]);

  const wrongKey = "cbkey_wrong-one-81f2";
  const env = { FORMATIONS_CRUNCHY_BRIDGE_API_KEY: wrongKey };
  const wrong = await workspace.up({ env, expectFailure: true });
  expect(told(wrong)).toContain("returned 401: Unauthorized");
  expect(told(wrong)).toContain(
    "formations:crunchyBridgeApiKey (or FORMATIONS_CRUNCHY_BRIDGE_API_KEY) was rejected",
  );
  expect(wrong.stdout + wrong.stderr).not.toContain(wrongKey);
  expect(sent()).toEqual(["POST primary/replicas"]);

  await workspace.up({ env: { FORMATIONS_CRUNCHY_BRIDGE_API_KEY: bridge.token } });
  expect(living().state).toBe("ready");
});

test("what the server refuses is told in its words, and nothing is in the state", async () => {
  const { bridge, workspace } = await stackOf(replica({ planId: "standard-9" }));

  const refused = await workspace.up({ expectFailure: true });

  expect(told(refused)).toMatch(
    /could not create replica: POST \/clusters\/[a-z2-7]{26}\/replicas returned 400: plan_id: aws has no plan standard-9 \(request ID [a-z2-7]{26}\)/,
  );
  expect(bridge.clusters.size).toBe(1);
  const { resources } = (await workspace.exportState()).deployment;
  expect(resources.filter(({ type }) => type.endsWith("Replica"))).toEqual([]);
});

test("answers that are none, and no answer, are clear errors after which the state is as it was", async () => {
  const { bridge, workspace, living } = await stackOf(replica());
  await workspace.up();
  const { id } = living();
  const { inputs, outputs } = resourceNamed(await workspace.exportState(), "it");
  const quickly = { "retry-after": "0" };
  const broken: [kind: Fault["kind"], words: string][] = [
    [{ type: "html" }, "returned 200 with an HTML page"],
    [{ type: "html", status: 404 }, "returned 404 with an HTML page"],
    [{ type: "cutJson" }, "returned 200 with malformed or cut-off JSON"],
    [{ type: "status", status: 500, body: "Oh no", headers: quickly }, "returned 500: Oh no"],
  ];
  for (const [kind, words] of broken) {
    bridge.order({ method: "GET", times: 10, kind });
    const failed = await workspace.refresh({ expectFailure: true });
    // Where something else than the API responds, the whole address is named.
    expect(told(failed)).toMatch(new RegExp(`GET (http://[\\d.:]+)?/clusters/${id} ${words}`));
    bridge.clearFaults();
  }
  await bridge.refuse();
  const failed = await workspace.refresh({ expectFailure: true });
  expect(told(failed)).toContain(`GET /clusters/${id} got no response`);
  await bridge.start();

  const after = resourceNamed(await workspace.exportState(), "it");
  expect(after).toMatchObject({ id, inputs, outputs });
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});
