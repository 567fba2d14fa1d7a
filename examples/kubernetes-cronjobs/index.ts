import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { AntflyBackupSchedule, type AntflyBackupScheduleArgs } from "pulumi-formations";
import { BackupCronJob } from "./backup-cron-job";

const config = new pulumi.Config();
const antfly = new pulumi.Config("formations");
const declared = config.requireObject<Record<string, AntflyBackupScheduleArgs>>("schedules");
const pingUrl = config.get("pingUrl");

const apiKey = new kubernetes.core.v1.Secret("antfly-api-key", {
  stringData: { apiKey: antfly.requireSecret("antflyApiKey") },
});
const runner = {
  image: config.require("image"),
  serverUrl: antfly.require("antflyUrl"),
  allowHttp: antfly.getBoolean("allowHttp"),
  apiKeySecret: apiKey.metadata.name,
  deadlineHours: config.getNumber("deadlineHours"),
};

const schedules = Object.fromEntries(
  Object.entries(declared).map(([name, args]) => [name, new AntflyBackupSchedule(name, args)]),
);

const punctual = Object.entries(schedules).map(
  ([name, schedule]) =>
    new BackupCronJob(name, {
      ...runner,
      schedules: { [name]: schedule },
      wake: schedule.schedule,
      timezone: schedule.timezone,
      suspend: schedule.suspend,
    }),
);

// Takes what the others missed: a backup that failed, a slot for which Kubernetes started no Job (it
// starts none for a time that the clock skips), and the first backup of a new schedule, if its last slot
// is less than a day old.
const catchUp = new BackupCronJob("catch-up", {
  ...runner,
  schedules,
  wake: "17 * * * *",
  flags: pingUrl ? ["--ping-url", pingUrl] : [],
});

export const cronJobs = [...punctual, catchUp].map(({ cronJobName }) => cronJobName);
