import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { checkingTypes, kubernetesStack, manifest } from "./kubernetes/cluster.ts";
import { demandPublishedFields } from "./kubernetes/published.ts";
import { told } from "./support.ts";

const folder = join(repository, "examples", "kubernetes-operator");
const settings = readFileSync(join(folder, "Pulumi.production.yaml"), "utf8").trimEnd();

/** The example with further schedules behind its own. */
async function stackWith(schedules: string) {
  const files = { "Pulumi.production.yaml": settings + schedules };
  const workspace = await kubernetesStack("kubernetes-operator", { files });
  onTestFinished(() => workspace.dispose());
  return workspace;
}

test("the preview has an AntflyBackup for each schedule, with published fields only", async () => {
  const workspace = await stackWith(`
    archive:
      schedule: 0 4 1 * *
      timezone: UTC
      location: file:///mnt/backups
      format: portable
      backupIdPrefix: archive-of-2024
      suspend: true
`);

  const { steps } = await workspace.preview(checkingTypes);

  const manifests = steps
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ newInputs }) => manifest.parse(newInputs));
  for (const one of manifests) await demandPublishedFields(one);
  const clusterRef = { name: "search" };
  const credentialsSecret = { name: "backup-credentials" };
  const bucket = { connection: "backups", credentialsSecret };
  expect(manifests.map(({ metadata, spec }) => [metadata.name, spec])).toEqual(
    expect.arrayContaining([
      [
        "nightly",
        {
          clusterRef,
          schedule: "30 1 * * *",
          destination: { location: "s3://example-backups/nightly", ...bucket },
        },
      ],
      [
        "orders",
        {
          clusterRef,
          schedule: "0 */6 * * *",
          destination: { location: "s3://example-backups/orders", ...bucket },
          tables: ["orders", "payments"],
        },
      ],
      [
        "archive-of-2024",
        {
          clusterRef,
          schedule: "0 4 1 * *",
          destination: { location: "file:///mnt/backups", credentialsSecret },
          suspend: true,
        },
      ],
    ]),
  );
  expect(manifests).toHaveLength(3);
});

test("what the operator has no field for is refused in the preview, by schedule and property", async () => {
  const workspace = await stackWith(`
    Wrong:
      schedule: 30 2 * * *
      timezone: Europe/Berlin
      location: gs://example-backups/wrong
      format: native
      url: https://antfly.example.com
    long:
      schedule: 0 2 * * *
      location: s3://example-backups/long
      backupIdPrefix: ${"a".repeat(46)}
`);

  const refused = await workspace.preview({ expectFailure: true });

  const named = [...told(refused).matchAll(/(Wrong|long): (\w+)(?=:|,)/g)].map(([match]) => match);
  expect(named, told(refused)).toEqual([
    ...["Wrong: timezone", "Wrong: location", "Wrong: format", "Wrong: url"],
    ...["Wrong: backupIdPrefix", "long: backupIdPrefix"],
  ]);
});
