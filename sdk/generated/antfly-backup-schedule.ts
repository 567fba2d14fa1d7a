// Generated from the definitions in provider/ by `npm run generate`: change those.

import type * as pulumi from "@pulumi/pulumi";
import { type Description, FormationsResource, type Suggested } from "../resource";

const description: Description = {
  type: "AntflyBackupSchedule",
  module: "antfly-backup-schedule",
  properties: [
    "schedule",
    "location",
    "timezone",
    "connection",
    "tableNames",
    "format",
    "backupIdPrefix",
    "suspend",
    "skipImmediately",
    "url",
    "changedAt",
  ],
  secretInputs: [],
  secretOutputs: [],
  autoname: { property: "backupIdPrefix", from: ["location", "connection", "url"] },
};

/** The arguments of {@link AntflyBackupSchedule}. */
export interface AntflyBackupScheduleArgs {
  /** When backups are taken: a cron expression of five fields (minute, hour, day of month, month, day of week), for instance `0 3 * * *`. A change is recorded in the state. */
  readonly schedule: pulumi.Input<string>;
  /** Where backups are stored, for instance `s3://bucket/path`. `file:///path`, `s3://bucket/path` or `gs://bucket/path` (also spelt `gcs://`), without a trailing slash. A change replaces the resource. A new series starts; the old backups stay where they are. */
  readonly location: pulumi.Input<string>;
  /** Time zone of `schedule`, as in the IANA database, for instance `Europe/Berlin`. Default: `UTC`. A change is recorded in the state. */
  readonly timezone?: pulumi.Input<string>;
  /** Name of a connection in the server's configuration that can write to `location`. Version 0.2 requires one; v0.1 has no connections and ignores it. Default: none. A change replaces the resource. */
  readonly connection?: pulumi.Input<string>;
  /** The tables that are backed up. 1 to 256, without duplicates. Default: all tables. A change is recorded in the state. */
  readonly tableNames?: pulumi.Input<pulumi.Input<string>[]>;
  /** `native` (a physical snapshot: fast, for the same storage engine) or `portable` (a logical backup that every Antfly server can restore). Version 0.1 ignores it. Default: the server's own, `portable`. A change is recorded in the state. */
  readonly format?: pulumi.Input<Suggested<"native" | "portable">>;
  /** Prefix of the backups' IDs. The time of the slot in UTC follows it: `nightly-20250115T030000Z`. Up to 111 letters, digits, dots, hyphens and underscores, starting with a letter or digit. Each schedule at a location needs its own prefix. Default: the resource's logical name and a short hash. A change replaces the resource. */
  readonly backupIdPrefix?: pulumi.Input<string>;
  /** Whether the schedule is paused. Default: false. A change is recorded in the state. */
  readonly suspend?: pulumi.Input<boolean>;
  /** Whether the runner waits for the next slot after the schedule was created, changed (`schedule`, `timezone`) or resumed (`suspend`). `true`: always. `false`: never; it takes the last slot's backup at once. Default: it waits after a change, and takes the first backup of a new schedule at once. A change is recorded in the state. */
  readonly skipImmediately?: pulumi.Input<boolean>;
  /** The server's root, if it is not the configured `antflyUrl`; the configured API key is sent to it. A change replaces the resource. */
  readonly url?: pulumi.Input<string>;
}

/**
 * A schedule of backups of an Antfly cluster.
 *
 * Antfly cannot schedule backups. The schedule is a record in the stack; the runner, `formations backups run`, reads it there and takes the backups that are due: see `npx -p pulumi-formations formations help backups`. Creating the schedule lists the backups at `location` to check that server, location and connection work, and changes nothing on the server. Later changes send nothing.
 *
 * Deleting the schedule ends the series. Its backups stay where they are: Antfly's API cannot delete backups; the bucket's lifecycle rules can. A schedule cannot be imported: declare it with the `backupIdPrefix` of existing backups to continue their series.
 */
export class AntflyBackupSchedule extends FormationsResource {
  /** When backups are taken: a cron expression of five fields (minute, hour, day of month, month, day of week), for instance `0 3 * * *`. */
  declare readonly schedule: pulumi.Output<string>;
  /** Where backups are stored, for instance `s3://bucket/path`. */
  declare readonly location: pulumi.Output<string>;
  /** Time zone of `schedule`, as in the IANA database, for instance `Europe/Berlin`. */
  declare readonly timezone: pulumi.Output<string | undefined>;
  /** Name of a connection in the server's configuration that can write to `location`. */
  declare readonly connection: pulumi.Output<string | undefined>;
  /** The tables that are backed up. */
  declare readonly tableNames: pulumi.Output<string[] | undefined>;
  /** `native` (a physical snapshot: fast, for the same storage engine) or `portable` (a logical backup that every Antfly server can restore). */
  declare readonly format: pulumi.Output<string | undefined>;
  /** Prefix of the backups' IDs. The time of the slot in UTC follows it: `nightly-20250115T030000Z`. */
  declare readonly backupIdPrefix: pulumi.Output<string>;
  /** Whether the schedule is paused. */
  declare readonly suspend: pulumi.Output<boolean | undefined>;
  /** Whether the runner waits for the next slot after the schedule was created, changed (`schedule`, `timezone`) or resumed (`suspend`). `true`: always. `false`: never; it takes the last slot's backup at once. */
  declare readonly skipImmediately: pulumi.Output<boolean | undefined>;
  /** The server's root, if it is not the configured `antflyUrl`; the configured API key is sent to it. */
  declare readonly url: pulumi.Output<string | undefined>;
  /** When `schedule`, `timezone` or `suspend` last changed (RFC 3339, UTC); absent until then. Slots before that time belong to the earlier schedule. */
  declare readonly changedAt: pulumi.Output<string | undefined>;

  /**
   * Declares an `AntflyBackupSchedule`: `pulumi up` creates it, and updates or replaces it when its arguments change.
   *
   * @param name the resource's name in Pulumi, unique in the program; if `backupIdPrefix` is not set, the provider makes it from this one
   * @param args its inputs
   * @param opts Pulumi's resource options, such as `protect` and `ignoreChanges`
   */
  constructor(name: string, args: AntflyBackupScheduleArgs, opts?: pulumi.CustomResourceOptions) {
    super(description, name, args, opts);
  }

  /**
   * Reads an `AntflyBackupSchedule` that exists already. `pulumi up` does not change or delete it.
   *
   * @param name the resource's name in Pulumi, unique in the program
   * @param id the prefix of the backups' IDs
   * @param opts Pulumi's resource options, such as `dependsOn` and `parent`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): AntflyBackupSchedule {
    return FormationsResource.read(AntflyBackupSchedule, name, id, opts);
  }
}
