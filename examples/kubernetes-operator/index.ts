import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { AntflyBackupScheduleArgs } from "pulumi-formations";
import { antflyBackup, problemsOf } from "./antfly-backup";

const config = new pulumi.Config();
const target = {
  cluster: config.require("cluster"),
  credentialsSecret: config.get("credentialsSecret"),
  backupTimeout: config.get("backupTimeout"),
};
const schedules = Object.entries(
  config.requireObject<Record<string, pulumi.Unwrap<AntflyBackupScheduleArgs>>>("schedules"),
);

const problems = schedules.flatMap(([name, schedule]) => problemsOf(name, schedule));
if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));

const backups = schedules.map(
  ([name, schedule]) =>
    new kubernetes.apiextensions.CustomResource(name, antflyBackup(name, schedule, target)),
);

export const antflyBackups = backups.map(({ metadata }) => metadata.name);
