import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { AntflyBackupSchedule } from "pulumi-formations";
import { dnsLabel } from "./dns-label";

/** The runner's user and group, as in `runner/Dockerfile`. */
const user = 1000;

/** Where the container finds its files, and where it may write. */
const folders = {
  schedules: "/etc/formations",
  apiKey: "/var/run/secrets/formations",
  temporary: "/tmp",
};

/** What a {@link BackupCronJob} does. */
export interface BackupCronJobArgs {
  /** The schedules whose backups it takes, by name. */
  schedules: Record<string, AntflyBackupSchedule>;
  /** When it wakes the runner: a cron expression as Kubernetes takes it, with Sunday as 0. */
  wake: pulumi.Input<string>;
  /** Time zone of `wake`. Default: UTC. */
  timezone?: pulumi.Input<string | undefined>;
  /** Default: false. */
  suspend?: pulumi.Input<boolean | undefined>;
  /** The runner's image. */
  image: pulumi.Input<string>;
  /** The server's root, for schedules that name none. */
  serverUrl: pulumi.Input<string>;
  /** Whether the runner may use plain HTTP. Default: false. */
  allowHttp?: boolean;
  /** Name of the Secret whose `apiKey` holds the server's API key. */
  apiKeySecret: pulumi.Input<string>;
  /** How long the runner waits for one backup, in whole hours. Default: 2. */
  deadlineHours?: number;
  /** Further flags of `formations backups run`. */
  flags?: string[];
}

/**
 * A CronJob that wakes the runner, and the ConfigMap with the runner's schedules.
 *
 * The runner decides what is due: the last slot of each schedule, if the location lists no backup for
 * it and none can have been removed since. So it does no harm if Kubernetes wakes it late, twice or for
 * nothing.
 */
export class BackupCronJob extends pulumi.ComponentResource {
  readonly cronJobName: pulumi.Output<string>;

  constructor(name: string, args: BackupCronJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("antfly-backups:index:BackupCronJob", name, {}, opts);
    const label = dnsLabel(name);
    const labels = {
      "app.kubernetes.io/name": "formations-backups",
      "app.kubernetes.io/instance": label,
    };
    const metadata = { name: label, labels };
    const { wake, timezone, suspend, deadlineHours = 2 } = args;
    const options = { parent: this };

    const configMap = new kubernetes.core.v1.ConfigMap(
      name,
      { metadata, data: { "schedules.json": scheduleFile(args) } },
      options,
    );
    const cronJob = new kubernetes.batch.v1.CronJob(
      name,
      {
        metadata,
        spec: {
          schedule: wake,
          timeZone: pulumi.output(timezone).apply((zone) => zone ?? "UTC"),
          suspend: pulumi.output(suspend).apply((value) => value ?? false),
          concurrencyPolicy: "Forbid",
          // A Job that starts late takes the same slot. The window has fewer than the 100 missed starts
          // at which Kubernetes gives up on a CronJob, even one that fires every minute.
          startingDeadlineSeconds: 3_600,
          successfulJobsHistoryLimit: 1,
          failedJobsHistoryLimit: 3,
          jobTemplate: {
            metadata: { labels },
            spec: {
              // The runner gives up on a backup earlier, and says why. The next Job takes what a
              // retry or another schedule had no time left for.
              activeDeadlineSeconds: (deadlineHours + 1) * 3_600,
              // A Pod remembers no failure, so Kubernetes must not start a failed backup anew at once.
              backoffLimit: 0,
              template: {
                metadata: { labels },
                spec: podSpec(args, deadlineHours, configMap.metadata.name),
              },
            },
          },
        },
      },
      options,
    );
    this.cronJobName = cronJob.metadata.name;
    this.registerOutputs({ cronJobName: this.cronJobName });
  }
}

function podSpec(
  { image, apiKeySecret, flags = [] }: BackupCronJobArgs,
  deadlineHours: number,
  configMapName: pulumi.Output<string>,
): kubernetes.types.input.core.v1.PodSpec {
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "runner",
        image,
        args: [
          ...["backups", "run", "--file", `${folders.schedules}/schedules.json`],
          ...["--deadline", `${deadlineHours}h`, "--log", "json", ...flags],
        ],
        // A file, because more people see the environment, and more logs contain it.
        env: [{ name: "FORMATIONS_ANTFLY_API_KEY_FILE", value: `${folders.apiKey}/apiKey` }],
        resources: {
          requests: { cpu: "50m", memory: "128Mi" },
          limits: { memory: "256Mi" },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [
          { name: "schedules", mountPath: folders.schedules, readOnly: true },
          { name: "api-key", mountPath: folders.apiKey, readOnly: true },
          { name: "temporary", mountPath: folders.temporary },
        ],
      },
    ],
    volumes: [
      { name: "schedules", configMap: { name: configMapName } },
      { name: "api-key", secret: { secretName: apiKeySecret, defaultMode: 0o440 } },
      { name: "temporary", emptyDir: { sizeLimit: "16Mi" } },
    ],
  };
}

/** The schedules as `formations backups export` writes them. */
function scheduleFile({ schedules, serverUrl, allowHttp }: BackupCronJobArgs) {
  const entries = Object.entries(schedules).map(([name, schedule]) => ({
    name,
    stack: pulumi.getStack(),
    schedule: schedule.schedule,
    timezone: schedule.timezone,
    location: schedule.location,
    connection: schedule.connection,
    tableNames: schedule.tableNames,
    format: schedule.format,
    backupIdPrefix: schedule.backupIdPrefix,
    suspend: schedule.suspend,
    skipImmediately: schedule.skipImmediately,
    changedAt: schedule.changedAt,
    url: pulumi.all([schedule.url, serverUrl]).apply(([url, fallback]) => url ?? fallback),
    allowHttp,
  }));
  return pulumi.jsonStringify({ version: 1, schedules: entries }, undefined, 2);
}
