import grpc from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { moreAbout } from "../../provider/process/more.ts";
import type { Values } from "../../provider/resource/values.ts";
import type { Simulator, SimulatorOptions } from "../../simulators/kit/simulator.ts";
import { appFormation } from "../akkeris/subjects.ts";
import { backupSchedule } from "../antfly/subjects.ts";
import { formation } from "../citus/subjects.ts";
import type { Subject } from "../support/subject.ts";
import { configured } from "./wire.ts";
import { worldOf } from "./world.ts";

/** A world whose plugin a command of `pulumi do --stateless` calls. */
async function direct<S extends Simulator, O extends SimulatorOptions, I extends Values>(
  subject: Subject<S, O, I>,
  options?: O,
) {
  const world = await worldOf(subject, options);
  await world.plugin.configure(configured(subject.system.access(world.simulator)), "");
  return world;
}

test("what a command tells goes to standard error, also what is mere information elsewhere", async () => {
  // Time stands still, so that the creation waits until it is cancelled.
  const { plugin, resource } = await direct(formation, { speed: 0 });

  const creation = resource.createFailing(formation.inputs);

  await expect.poll(() => plugin.logs.length, { timeout: 8000 }).toBeGreaterThan(0);
  await plugin.cancel();
  await creation;
  expect(plugin.logs[0]).toEqual({
    severity: "warning",
    urn: resource.urn,
    ephemeral: true,
    text: expect.stringMatching(/^creating, \d+ s$/),
  });
  expect(plugin.logs.filter(({ severity }) => severity === "info")).toEqual([]);
});

test("what is not ready yet can be read, which says so, and then be deleted", async () => {
  const { simulator, plugin, resource } = await direct(formation);
  const { id } = simulator.addFormation({ state: "creating" });

  const read = await resource.read(id);

  expect(read).toMatchObject({ id, state: { state: "creating" } });
  expect(plugin.said()).toEqual([`warning: Formation ${id} is not ready yet: state "creating".`]);
  await resource.delete(read);
  expect(simulator.count("DELETE")).toBe(1);
});

test("a read says nothing about what an import would lack", async () => {
  const { simulator, plugin, resource } = await direct(appFormation);
  simulator.addFormation("foo-default", { type: "worker" });

  await resource.read("foo-default/worker");

  expect(plugin.logs).toEqual([]);
});

test.each([
  ["in a preview", true],
  ["for good", false],
])(
  "an update that only a replacement can make is refused %s, and nothing is sent",
  async (_case, preview) => {
    const { simulator, resource } = await direct(formation);
    const held = await resource.read(simulator.addFormation().id);
    simulator.clearRequests();

    const update = resource.update(held, { ...held.inputs, workerCount: 9 }, { preview });

    await expect(update).rejects.toMatchObject({
      failure: {
        code: grpc.status.FAILED_PRECONDITION,
        text: expect.stringMatching(
          new RegExp(
            `^Formation ${held.id}: nothing was changed, since only a replacement can do this\\.\nworkerCount: 2 → 9: replace: `,
          ),
        ),
      },
    });
    expect(simulator.requests).toEqual([]);
  },
);

test("a creation that does not end says that it exists, with its ID", async () => {
  const { simulator, resource } = await direct(formation, { speed: 0 });

  const failure = await resource.createFailing(formation.inputs, { timeout: 1 });

  const [id] = simulator.formations.keys();
  expect(failure.text).toContain(`It exists with the ID ${id}, and no state has it`);
  // There is no program that could set it.
  expect(failure.text).not.toContain("customTimeouts");
});

test("the error for a name that is taken refers to no resource of a program", async () => {
  const { simulator, resource } = await direct(formation);
  const { id } = simulator.addFormation({ name: "taken" });

  const { text } = await resource.createFailing({ ...formation.inputs, name: "taken" });

  expect(text).toContain(`--adopt NAME=${id}`);
  expect(text).not.toContain("urn:pulumi:");
  expect(simulator.count("POST")).toBe(0);
});

test("a token that is missing is asked for where the command looks for it, before it asks for consent", async () => {
  const { simulator, plugin, resource } = await direct(formation);
  await plugin.configure({ citusUrl: simulator.url }, "");

  await expect(resource.check(formation.inputs)).rejects.toMatchObject({
    failure: {
      code: grpc.status.FAILED_PRECONDITION,
      text: `Citus Cloud: the API token is missing. Set it in the environment variable FORMATIONS_CITUS_TOKEN, or pass \`--provider\` with the URN of a provider of the current stack: \`pulumi do\` does not read the stack's configuration.\n${moreAbout("CONFIGURATION")}`,
    },
  });
});

test("what lives in a state alone is refused, as nothing would keep it", async () => {
  const { simulator, resource } = await direct(backupSchedule);

  await expect(resource.create(backupSchedule.inputs)).rejects.toMatchObject({
    failure: {
      code: grpc.status.UNIMPLEMENTED,
      text: `AntflyBackupSchedule exists only in a stack's state, which \`--stateless\` does without. Leave the flag out: the current stack then keeps it.\n${moreAbout("UNSUPPORTED")}`,
    },
  });
  expect(simulator.requests).toEqual([]);
});
