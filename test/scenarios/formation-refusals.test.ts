import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { args, formation, living, programOf, stackOf } from "./formation-support.ts";
import { refusals } from "./support.ts";

test("wrong values are refused in the preview, all at once, each with what is allowed", async () => {
  const wrong = {
    name: "",
    region: "us-moon-1",
    coordinatorTune: "r9.large",
    coordinatorDiskSize: 200,
    coordinatorHa: "maybe",
    workerTune: undefined,
    workerCount: 41,
    workerDiskSize: 512.5,
    allowDuplicateName: 1,
    disk: 100,
  };
  const { workspace, sent } = await stackOf(formation(wrong));

  const refused = await workspace.preview({ expectFailure: true });

  expect(refusals(refused)).toEqual([
    "allowDuplicateName value {1} has a problem: is 1; it must be of type boolean",
    "coordinatorDiskSize value {200} has a problem: is 200; allowed: 100, 512, 1024, 1536, 2048, 2560",
    'coordinatorHa value {maybe} has a problem: is "maybe"; it must be of type boolean',
    expect.stringMatching(
      /^coordinatorTune value \{r9.large\} .* allowed: t2.small, .*c5.9xlarge$/,
    ),
    expect.stringMatching(
      /^disk value \{100\} .* is not an input of this resource\..* Inputs: name, /,
    ),
    'name value {} has a problem: is ""; it must be at least 1 character long',
    expect.stringMatching(/^region value \{us-moon-1\} .* allowed: us-east-1, .*ap-south-1$/),
    "workerCount value {41} has a problem: is 41; it must be at most 40",
    expect.stringMatching(/^workerDiskSize value \{512.5\} .* allowed: 100, 512/),
    "workerTune value {<nil>} has a problem: is required",
  ]);
  expect(sent()).toEqual([]);
});

test("tunes and disks that don't go together are refused beside what is wrong on its own", async () => {
  const { workspace, declare } = await stackOf(
    formation({ coordinatorTune: "t2.small", workerTune: "t2.medium", workerCount: 41 }),
  );

  expect(refusals(await workspace.preview({ expectFailure: true }))).toEqual([
    expect.stringContaining(
      'coordinatorDiskSize value {512} has a problem: is 512 while coordinatorTune is "t2.small"; with a t2 tune it must be 100',
    ),
    expect.stringContaining(
      'coordinatorTune value {t2.small} has a problem: is "t2.small" while workerTune is "t2.medium"; with a t2 tune both must be the same',
    ),
    expect.stringContaining("workerCount value {41}"),
    expect.stringContaining(
      'workerDiskSize value {512} has a problem: is 512 while workerTune is "t2.medium"; with a t2 tune it must be 100',
    ),
  ]);

  await declare(formation({ workerTune: "t2.small", workerDiskSize: 100 }));
  expect(refusals(await workspace.preview({ expectFailure: true }))).toEqual([
    expect.stringContaining("with a t2 tune both must be the same"),
  ]);
});

test("values that are not known yet pass, also beside known ones that are refused", async () => {
  const { workspace } = await programOf(`
    const it = new Formation("it", ${JSON.stringify(args)});
    new Formation("copy", {
      region: "us-moon-1", coordinatorTune: "t2.small", workerTune: it.state, workerCount: 41,
      coordinatorDiskSize: it.createdAt.apply(Number), workerDiskSize: it.createdAt.apply(Number),
    });`);

  expect(refusals(await workspace.preview({ expectFailure: true }))).toEqual([
    expect.stringContaining("region value {us-moon-1}"),
    expect.stringContaining("workerCount value {41}"),
  ]);
});

test("a formation whose program asks for a wrong value stays as it is", async () => {
  const { citus, workspace, declare, sent } = await stackOf(formation());
  await workspace.up();
  const { id } = living(citus);
  sent();
  await declare(formation({ workerCount: 41 }));

  const refused = await workspace.up({ expectFailure: true });

  expect(refusals(refused)).toEqual([expect.stringContaining("it must be at most 40")]);
  expect(sent()).toEqual([]);
  expect(resourceNamed(await workspace.exportState(), "it").id).toBe(id);
});
