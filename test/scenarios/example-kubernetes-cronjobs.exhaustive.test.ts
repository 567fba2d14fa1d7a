import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OperationResult, Workspace } from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import { dnsLabel } from "../../examples/kubernetes-cronjobs/dns-label.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { addPlatformConnection } from "../../simulators/platform-world.ts";
import { reply, startServer } from "../http/server.ts";
import { ended } from "../simulators/kit/testing.ts";
import {
  checkingTypes,
  kubernetesStack,
  type Manifest,
  manifestsOf,
} from "./kubernetes/cluster.ts";
import { runContainer } from "./kubernetes/container.ts";
import { type CronJob, cronJob as cronJobSchema } from "./kubernetes/cron-job.ts";
import { demandPublishedFields } from "./kubernetes/published.ts";
import { told } from "./support.ts";

const folder = join(repository, "examples", "kubernetes-cronjobs");

/** Behind the schedules of the example: one that pauses, by a name that Kubernetes does not allow. */
const paused = `
    Archive_of_2024:
      schedule: 0 4 1 * *
      location: s3://example-backups/archive
      connection: backups
      suspend: true
`;

const pingService = "https://ping.example.com";

const antfly = new AntflySimulator();
let workspace: Workspace;
let preview: OperationResult;
let sentByPreview: number;
let manifests: Manifest[];

beforeAll(async () => {
  await antfly.start();
  addPlatformConnection(antfly);
  for (const table of ["orders", "payments"]) antfly.addTable(table, { 1: { paid: true } });
  const settings = readFileSync(join(folder, "Pulumi.production.yaml"), "utf8");
  workspace = await kubernetesStack("kubernetes-cronjobs", {
    files: { "Pulumi.production.yaml": settings.trimEnd() + paused },
    config: {
      "formations:antflyUrl": antfly.url,
      "formations:antflyApiKey": { secret: antfly.token },
      "antfly-backups:pingUrl": `${pingService}/antfly`,
    },
  });
  preview = await workspace.preview(checkingTypes);
  sentByPreview = antfly.requests.length;
  await workspace.up();
  manifests = await manifestsOf(workspace);
});

afterAll(async () => {
  await workspace?.dispose();
  await ended(antfly);
});

function cronJobs(): CronJob[] {
  return manifests.filter(({ kind }) => kind === "CronJob").map((one) => cronJobSchema.parse(one));
}

function cronJob(name: string): CronJob {
  const found = cronJobs().find(({ metadata }) => metadata.name === name);
  return found ?? expect.fail(`there is no CronJob ${name}`);
}

test("the preview has a CronJob for each schedule and one that catches up, and sends nothing", () => {
  const created = preview.steps.filter(({ type }) => type.startsWith("kubernetes:batch/"));
  expect(created.map(({ op, name }) => `${op} ${name}`).toSorted()).toEqual([
    ...["create Archive_of_2024", "create catch-up", "create nightly", "create orders"],
  ]);
  expect(preview.diagnostics, told(preview)).toEqual([]);
  expect(sentByPreview).toBe(0);
});

test("every manifest has published fields only, and a name that Kubernetes takes", async () => {
  const kinds = manifests.map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(["ConfigMap", "CronJob", "Secret"]));
  for (const manifest of manifests) await demandPublishedFields(manifest);
});

test("each CronJob wakes its runner when its schedule fires, in its zone, and pauses with it", () => {
  const woken = cronJobs().map(({ metadata, spec: { schedule, timeZone, suspend } }) => {
    return { name: metadata.name, schedule, timeZone, suspend };
  });
  const running = { timeZone: "UTC", suspend: false };
  expect(woken).toEqual(
    expect.arrayContaining([
      { name: "nightly", schedule: "30 2 * * *", timeZone: "Europe/Berlin", suspend: false },
      { ...running, name: "orders", schedule: "0 */6 * * *" },
      { ...running, name: "catch-up", schedule: "17 * * * *" },
      { ...running, name: dnsLabel("Archive_of_2024"), schedule: "0 4 1 * *", suspend: true },
    ]),
  );
});

test("no Job starts beside another of its CronJob, or is ended before its runner gives up", () => {
  for (const { spec } of cronJobs()) {
    expect(spec).toMatchObject({ concurrencyPolicy: "Forbid", startingDeadlineSeconds: 3_600 });
    const job = spec.jobTemplate.spec;
    const { args } = job.template.spec.containers[0];
    const hours = Number(/^(\d+)h$/.exec(args[args.indexOf("--deadline") + 1] ?? "")?.[1]);
    // The runner's --grace is 10 minutes.
    expect(job.activeDeadlineSeconds).toBeGreaterThan(hours * 3_600 + 600);
    expect(job.template.spec.restartPolicy).toBe("Never");
  }
});

test("a runner is not root, writes to /tmp only, and has no access to the cluster", () => {
  for (const { spec } of cronJobs()) {
    const pod = spec.jobTemplate.spec.template.spec;
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    const [container] = pod.containers;
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    const writable = container.volumeMounts.filter(({ readOnly }) => !readOnly);
    expect(writable.map(({ mountPath }) => mountPath)).toEqual(["/tmp"]);
  }
});

test("the API key is in the Secret only, which the state has encrypted", async () => {
  const having = manifests.filter((one) => JSON.stringify(one).includes(antfly.token));
  expect(having.map(({ kind }) => kind)).toEqual(["Secret"]);
  expect(JSON.stringify(await workspace.exportState())).not.toContain(antfly.token);
});

test("a slot is taken once where Kubernetes starts two Jobs for it, and missed ones are caught up with", async () => {
  const pings = await startServer((response) => reply(response, 200));
  const now = new Date().toISOString();
  const run = (name: string) =>
    runContainer(workspace, manifests, cronJob(name), (text) =>
      // No slot comes while this runs; the last one is due as that of a new schedule.
      text
        .replaceAll(/"schedule": ".*?"/g, `"schedule": "0 0 1 1 *", "createdAt": "${now}"`)
        .replace(pingService, pings.url),
    );
  const ids = (name: string) => [...antfly.backups(`s3://example-backups/${name}`).keys()];

  const twice = await Promise.all([run("nightly"), run("nightly")]);
  for (const { code, stdout, stderr } of twice) expect(code, stdout + stderr).toBe(0);
  const [nightly, ...others] = ids("nightly");
  // Midnight in Berlin.
  expect(nightly).toMatch(/^nightly-[0-9a-f]{7}-\d{4}1231T230000Z$/);
  expect(others).toEqual([]);

  const late = await run("catch-up");
  expect(late.code, late.stdout + late.stderr).toBe(0);
  expect(ids("nightly")).toEqual([nightly]);
  expect(ids("orders")).toHaveLength(1);
  expect(ids("archive")).toEqual([]);
  const told = pings.arrivals.map(({ method, url }) => `${method} ${url?.replace(/\?rid=.*/, "")}`);
  expect(told).toEqual(["POST /antfly/start", "POST /antfly"]);
});

test.each([
  ["a".repeat(52), "a".repeat(52)],
  ["a".repeat(53), /^a{43}-[0-9a-f]{8}$/],
  ["Nightly", /^nightly-[0-9a-f]{8}$/],
  ["3 Tables (v1.2)", /^tables-v1-2-[0-9a-f]{8}$/],
  ["毎晩", /^backups-[0-9a-f]{8}$/],
])("the name %s becomes one that Kubernetes takes for a CronJob", (name, expected) => {
  expect(dnsLabel(name)).toMatch(expected);
  expect(dnsLabel(`${name}!`)).not.toBe(dnsLabel(`${name}?`));
});

test("the image ends in the package's command, as the user of the Pods", () => {
  const dockerfile = readFileSync(join(folder, "runner", "Dockerfile"), "utf8");
  const last = dockerfile.slice(dockerfile.lastIndexOf("FROM "));
  expect(last).toContain('ENTRYPOINT ["/runner/node_modules/.bin/formations"]');
  const { securityContext } = cronJob("nightly").spec.jobTemplate.spec.template.spec;
  expect(last).toContain(`USER ${securityContext.runAsUser}:${securityContext.runAsGroup}`);
});
