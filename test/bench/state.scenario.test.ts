import { expect, test } from "vitest";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { running } from "../simulators/kit/testing.ts";
import { addApps, type Name, openContender, type StateBytes } from "./contender.ts";

const shape = { size: 3, types: 1 };

/** What a resource takes in the state of a stack of the classes. */
async function stateOf(name: Name): Promise<StateBytes> {
  const akkeris = await running(new AkkerisSimulator());
  addApps(akkeris, shape);
  const env = { FORMATIONS_AKKERIS_URL: akkeris.url, FORMATIONS_AKKERIS_TOKEN: akkeris.token };
  await using stack = await openContender("dynamic", name, shape, env);
  await stack.declare(1);
  await stack.run(["up", "--yes", "--skip-preview"], {});
  return stack.stateBytes();
}

test("a resource of the classes takes at most 1.1 times the state of a plain dynamic resource", async () => {
  const plain = await stateOf("bare");
  const ours = await stateOf("formations");

  expect(ours.whole / plain.whole).toBeLessThanOrEqual(1.1);
});
