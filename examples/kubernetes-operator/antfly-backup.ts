import type * as pulumi from "@pulumi/pulumi";
import type { AntflyBackupScheduleArgs } from "pulumi-formations";

/** The arguments of an `AntflyBackupSchedule`. */
type Schedule = pulumi.Unwrap<AntflyBackupScheduleArgs>;

/** What the operator needs to know besides the schedule. */
export interface Target {
  /** Name of the AntflyCluster, in the same namespace. */
  cluster: string;
  /** Name of the Secret with the bucket's credentials, for instance `AWS_ACCESS_KEY_ID`. */
  credentialsSecret?: string;
  /** How long one backup may take, for instance `90m`. Default: the operator's, `1h`. */
  backupTimeout?: string;
}

/**
 * The fields of the custom resource, as published by Antfly:
 * https://antfly.pages.dev/docs/operator/reference/antflybackup-api. `connection` is newer than that
 * page: operators of Antfly 0.2 have it, and suspend a schedule without one.
 */
interface AntflyBackup {
  apiVersion: "antfly.io/v1";
  kind: "AntflyBackup";
  metadata: { name: string };
  spec: {
    clusterRef: { name: string; namespace?: string };
    schedule: string;
    destination: {
      location: string;
      credentialsSecret?: { name: string };
      connection?: string;
    };
    tables?: string[];
    suspend?: boolean;
    backupTimeout?: string;
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
  };
}

/** The operator's object for a schedule in which {@link problemsOf} finds no problems. */
export function antflyBackup(
  name: string,
  { schedule, location, connection, tableNames, suspend, backupIdPrefix }: Schedule,
  { cluster, credentialsSecret, backupTimeout }: Target,
): AntflyBackup {
  return {
    apiVersion: "antfly.io/v1",
    kind: "AntflyBackup",
    metadata: { name: backupIdPrefix ?? name },
    spec: {
      clusterRef: { name: cluster },
      schedule,
      destination: {
        location,
        connection,
        credentialsSecret: credentialsSecret ? { name: credentialsSecret } : undefined,
      },
      tables: tableNames,
      suspend,
      backupTimeout,
    },
  };
}

/** The arguments of a schedule for which the operator has no field: one line each. */
export function problemsOf(
  name: string,
  { location, timezone, format, backupIdPrefix, url }: Schedule,
): string[] {
  const problems: string[] = [];
  if (timezone !== undefined && !/^(Etc\/)?UTC$/.test(timezone)) {
    problems.push(`timezone: the operator takes times in UTC, not in ${timezone}`);
  }
  if (!/^(s3|file):\/\/./.test(location)) {
    problems.push(
      `location: the operator accepts s3:// and file://; it reaches Google's buckets as s3://, with AWS_ENDPOINT_URL in the Secret`,
    );
  }
  if (format !== undefined && format !== "portable") {
    problems.push(`format: the operator takes portable backups, not ${format} ones`);
  }
  if (url !== undefined) {
    problems.push("url: the operator finds the server by the cluster's name");
  }
  // The operator adds `-backup`, and a CronJob's name has 52 characters at most.
  if (!/^[a-z0-9]([-a-z0-9]{0,43}[a-z0-9])?$/.test(backupIdPrefix ?? name)) {
    problems.push(
      "backupIdPrefix, or the schedule's name: the object's name may have up to 45 lower-case letters, digits and hyphens",
    );
  }
  return problems.map((problem) => `${name}: ${problem}.`);
}
