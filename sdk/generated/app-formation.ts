// Generated from the definitions in provider/ by `npm run generate`: change those.

import type * as pulumi from "@pulumi/pulumi";

import provider = require("../dynamic/app-formation");

import { type Description, FormationsResource, type Suggested } from "../resource";

const description: Description = {
  type: "AppFormation",
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
  secretOutputs: ["options"],
};

/** The arguments of {@link AppFormation}. */
export interface AppFormationArgs {
  /** The app: its name and space, `api-default`, or its ID. It has to exist. A change replaces the formation, new first. */
  readonly app: pulumi.Input<string>;
  /** The type of process: lower-case letters and digits, 128 at most. `web` alone receives requests. A change replaces the formation, new first. */
  readonly type: pulumi.Input<string>;
  /** The size of each instance, as `getAppSizes` lists them, for instance `gp2`; case-sensitive. In a space tagged `compliance=prod` the server appends `-prod` by itself. A change redeploys the app. */
  readonly size: pulumi.Input<Suggested<"gp1" | "gp2" | "gp3" | "gp4">>;
  /** How many instances run, 0 to 32. A change scales, without redeploying. */
  readonly quantity: pulumi.Input<number>;
  /** The port that a `web` listens on, 1024 to 65535; other types have none. Default: 9000, chosen by the server. A change writes config var `PORT` and redeploys the app; removed from the program, it stays. */
  readonly port?: pulumi.Input<number>;
  /** The command to run, 1024 characters at most. Every type but `web` needs one, save a one-off. Default: the image's own. A change redeploys the app. */
  readonly command?: pulumi.Input<string>;
  /** Relative URL at which a `web` says that it is healthy, for instance `/health`. Default: none. A change redeploys the app. */
  readonly healthcheck?: pulumi.Input<string>;
  /** Whether the formation is a one-off: run on demand, never a `web`. Default: false. A change replaces the formation, old first. The server never returns it, so an import lacks it. */
  readonly oneoff?: pulumi.Input<boolean>;
  /** What a one-off runs with instead of what the app has. A change replaces the formation, old first. The server never returns it, so an import lacks it. */
  readonly options?: pulumi.Input<{
    /** The image to run instead of the app's, with a tag. */
    readonly image?: pulumi.Input<string>;
    /** Environment variables, besides or instead of the app's. */
    readonly env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  }>;
}

/**
 * A formation of an Akkeris app: one type of process, with its size, quantity, command and, for `web`, port and healthcheck.
 *
 * Creating and deleting a formation redeploys every formation of the app; so does a change of `size`, `port`, `healthcheck` or `command`, of which the preview warns. Changes of several formations of one app in one `pulumi up` are sent together.
 *
 * Akkeris makes a `web` by itself when another type comes first. As long as nobody has touched it (quantity 0, no command), creating `web` takes it over. With an autoscaler, let the program ignore what it changes: `ignoreChanges: ["quantity"]`.
 *
 * `oneoff` and `options` are never returned by the server: they can't be imported, and nobody sees them drift.
 */
export class AppFormation extends FormationsResource {
  /** The app: its name and space, `api-default`, or its ID. It has to exist. A change replaces the formation, new first. */
  declare readonly app: pulumi.Output<string>;
  /** The type of process: lower-case letters and digits, 128 at most. `web` alone receives requests. A change replaces the formation, new first. */
  declare readonly type: pulumi.Output<string>;
  /** The size of each instance, as `getAppSizes` lists them, for instance `gp2`; case-sensitive. In a space tagged `compliance=prod` the server appends `-prod` by itself. A change redeploys the app. */
  declare readonly size: pulumi.Output<string>;
  /** How many instances run, 0 to 32. A change scales, without redeploying. */
  declare readonly quantity: pulumi.Output<number>;
  /** The port that a `web` listens on, 1024 to 65535; other types have none. Default: 9000, chosen by the server. A change writes config var `PORT` and redeploys the app; removed from the program, it stays. */
  declare readonly port: pulumi.Output<number | undefined>;
  /** The command to run, 1024 characters at most. Every type but `web` needs one, save a one-off. Default: the image's own. A change redeploys the app. */
  declare readonly command: pulumi.Output<string | undefined>;
  /** Relative URL at which a `web` says that it is healthy, for instance `/health`. Default: none. A change redeploys the app. */
  declare readonly healthcheck: pulumi.Output<string | undefined>;
  /** Whether the formation is a one-off: run on demand, never a `web`. Default: false. A change replaces the formation, old first. The server never returns it, so an import lacks it. */
  declare readonly oneoff: pulumi.Output<boolean | undefined>;
  /** What a one-off runs with instead of what the app has. A change replaces the formation, old first. The server never returns it, so an import lacks it. */
  declare readonly options: pulumi.Output<
    | {
        /** The image to run instead of the app's, with a tag. */
        readonly image?: string;
        /** Environment variables, besides or instead of the app's. */
        readonly env?: Record<string, string>;
      }
    | undefined
  >;
  /** The formation's ID in Akkeris, a UUID. */
  declare readonly formationId: pulumi.Output<string>;
  /** The size as the server spells it: `gp2-prod` for `gp2` in a space tagged `compliance=prod`. */
  declare readonly serverSize: pulumi.Output<string>;
  /** When it was created: RFC 3339, UTC. */
  declare readonly createdAt: pulumi.Output<string>;

  /**
   * Declares an `AppFormation`: `pulumi up` creates it, and updates or replaces it when its arguments change.
   *
   * @param name the resource's name in Pulumi, unique in the program
   * @param args its inputs
   * @param opts Pulumi's resource options, such as `protect` and `ignoreChanges`
   */
  constructor(name: string, args: AppFormationArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, description, name, args, opts);
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
