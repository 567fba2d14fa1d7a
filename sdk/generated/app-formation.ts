// Generated from the definitions in provider/ by `npm run generate`: change those.

import type * as pulumi from "@pulumi/pulumi";
import { type Description, FormationsResource, type Suggested } from "../resource";

const description: Description = {
  type: "AppFormation",
  module: "app-formation",
  properties: [
    "app",
    "type",
    "size",
    "quantity",
    "port",
    "command",
    "healthcheck",
    "oneoff",
    "options",
    "formationId",
    "serverSize",
    "createdAt",
  ],
  secretInputs: ["options"],
  secretOutputs: [],
};

/** The arguments of {@link AppFormation}. */
export interface AppFormationArgs {
  /** The app: its name and space, for instance `api-default`, or its ID. The app must exist. A change replaces the resource. */
  readonly app: pulumi.Input<string>;
  /** The type of process. Only `web` receives requests. Up to 128 lower-case letters and digits. A change replaces the resource. */
  readonly type: pulumi.Input<string>;
  /** The size of each instance, for instance `gp2`. Case-sensitive; `getAppSizes` lists all sizes. In a space tagged `compliance=prod` the server appends `-prod`. A change redeploys the app. */
  readonly size: pulumi.Input<Suggested<"gp1" | "gp2" | "gp3" | "gp4">>;
  /** Number of instances. 0 to 32. A change starts or stops instances without redeploying the app. */
  readonly quantity: pulumi.Input<number>;
  /** The port that a `web` listens on; other types have none. 1024 to 65535. Default: 9000, chosen by the server. A change writes config var `PORT` and redeploys the app. The port stays when it is removed from the program. */
  readonly port?: pulumi.Input<number>;
  /** The command that each instance runs. Up to 1024 characters. Required for every type except `web` and one-offs. Default: the image's own command. A change redeploys the app. */
  readonly command?: pulumi.Input<string>;
  /** Relative URL at which a `web` reports that it is healthy, for instance `/health`. Default: none. A change redeploys the app. */
  readonly healthcheck?: pulumi.Input<string>;
  /** Whether the formation is a one-off, which runs on demand. The server never returns it, so an import lacks it. A `web` cannot be one. Default: false. A change replaces the resource. */
  readonly oneoff?: pulumi.Input<boolean>;
  /** The image and environment that a one-off runs with instead of the app's. The server never returns it, so an import lacks it. Default: the app's. A change replaces the resource. */
  readonly options?: pulumi.Input<{
    /** The image, with a tag, that runs instead of the app's image. */
    readonly image?: pulumi.Input<string>;
    /** Environment variables that are added to the app's or override them. */
    readonly env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  }>;
}

/**
 * A formation of an Akkeris app: one type of process, with its size, quantity and command, and for `web` its port and healthcheck.
 *
 * Creating or deleting a formation redeploys every formation of the app. So does a change of `size`, `port`, `healthcheck` or `command`; the preview warns of it. Changes of several formations of one app in one `pulumi up` are sent together.
 *
 * Akkeris creates a `web` on its own when the first formation of an app is of another type. As long as nobody has changed that `web` (quantity 0, no command), creating `web` takes it over. With an autoscaler, ignore the property that it changes: `ignoreChanges: ["quantity"]`.
 *
 * The server never returns `oneoff` and `options`: they cannot be imported, and a refresh cannot see them drift.
 */
export class AppFormation extends FormationsResource {
  /** The app: its name and space, for instance `api-default`, or its ID. */
  declare readonly app: pulumi.Output<string>;
  /** The type of process. Only `web` receives requests. */
  declare readonly type: pulumi.Output<string>;
  /** The size of each instance, for instance `gp2`. */
  declare readonly size: pulumi.Output<string>;
  /** Number of instances. */
  declare readonly quantity: pulumi.Output<number>;
  /** The port that a `web` listens on; other types have none. */
  declare readonly port: pulumi.Output<number | undefined>;
  /** The command that each instance runs. */
  declare readonly command: pulumi.Output<string | undefined>;
  /** Relative URL at which a `web` reports that it is healthy, for instance `/health`. */
  declare readonly healthcheck: pulumi.Output<string | undefined>;
  /** Whether the formation is a one-off, which runs on demand. The server never returns it, so an import lacks it. */
  declare readonly oneoff: pulumi.Output<boolean | undefined>;
  /** The image and environment that a one-off runs with instead of the app's. The server never returns it, so an import lacks it. */
  declare readonly options: pulumi.Output<
    | {
        /** The image, with a tag, that runs instead of the app's image. */
        readonly image?: string;
        /** Environment variables that are added to the app's or override them. */
        readonly env?: Record<string, string>;
      }
    | undefined
  >;
  /** The formation's ID in Akkeris, a UUID. */
  declare readonly formationId: pulumi.Output<string>;
  /** The size in the server's spelling: `gp2-prod` for `gp2` in a space tagged `compliance=prod`. */
  declare readonly serverSize: pulumi.Output<string>;
  /** When the formation was created (RFC 3339, UTC). */
  declare readonly createdAt: pulumi.Output<string>;

  /**
   * Declares an `AppFormation`: `pulumi up` creates it, and updates or replaces it when its arguments change.
   *
   * @param name the resource's name in Pulumi, unique in the program
   * @param args its inputs
   * @param opts Pulumi's resource options, such as `protect` and `ignoreChanges`
   */
  constructor(name: string, args: AppFormationArgs, opts?: pulumi.CustomResourceOptions) {
    super(description, name, args, opts);
  }

  /**
   * Reads an `AppFormation` that exists already. `pulumi up` does not change or delete it.
   *
   * @param name the resource's name in Pulumi, unique in the program
   * @param id the app and the type, `app/type`: `api-default/web`
   * @param opts Pulumi's resource options, such as `dependsOn` and `parent`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): AppFormation {
    return FormationsResource.read(AppFormation, name, id, opts);
  }
}
