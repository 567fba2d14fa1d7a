// Generated from the definitions in provider/ by `npm run generate`: change those.

import type * as pulumi from "@pulumi/pulumi";
import { type Description, FormationsResource } from "../resource";

const description: Description = {
  type: "AntflySecret",
  module: "antfly-secret",
  properties: ["key", "value", "url", "status", "managed"],
  secretInputs: ["value"],
  secretOutputs: [],
};

/** The arguments of {@link AntflySecret}. */
export interface AntflySecretArgs {
  /** The secret's name, as the server's configuration refers to it, for instance `openai.api_key`. Letters, digits, dots, hyphens and underscores. A change replaces the resource. */
  readonly key: pulumi.Input<string>;
  /** The value. The server never returns it: a value that someone else stores is not detected, and stays until the program's value changes. A change overwrites the value in place. */
  readonly value: pulumi.Input<string>;
  /** The server's root, if it is not the configured `antflyUrl`; the configured API key is sent to it. A change replaces the resource. */
  readonly url?: pulumi.Input<string>;
}

/**
 * A secret in an Antfly server's own store, for instance the API key of a model provider.
 *
 * No call returns a value. A refresh detects that the secret is gone, and the next `pulumi up` creates it again. It also detects that only an environment variable of the server, or a file that is mounted into it, is left; the next `pulumi up` then stores the value again, which takes precedence. A refresh **cannot detect** another value that someone stored under the key: that value stays until `value` changes in the program.
 *
 * Creating a secret fails if the server already lists the key, because it would overwrite a value that no call returns, or take precedence over one that someone else provides. An import lacks the value; the next `pulumi up` stores the program's. Deleting the secret leaves an environment variable of that name, or a mounted file's value, in place. The server must have a store of its own (up to version 0.2.5: be a single node), and the API key be an administrator's.
 */
export class AntflySecret extends FormationsResource {
  /** The secret's name, as the server's configuration refers to it, for instance `openai.api_key`. */
  declare readonly key: pulumi.Output<string>;
  /** The value. The server never returns it: a value that someone else stores is not detected, and stays until the program's value changes. */
  declare readonly value: pulumi.Output<string>;
  /** The server's root, if it is not the configured `antflyUrl`; the configured API key is sent to it. */
  declare readonly url: pulumi.Output<string | undefined>;
  /** Where the secret was when last seen. `configured_file` (0.2) or `configured_keystore` (v0.1): stored, or, where `managed` is false, in a file that is mounted into the server; `configured_both`: stored, and takes precedence over an environment variable; `configured_env`: only the variable is left; or a new status. */
  declare readonly status: pulumi.Output<string>;
  /** Whether the secret was in the server's own store when last seen; `false`: only a mounted file or a variable has it. Servers up to version 0.2.5 don't say. */
  declare readonly managed: pulumi.Output<boolean | undefined>;

  /**
   * Declares an `AntflySecret`: `pulumi up` creates it, and updates or replaces it when its arguments change.
   *
   * @param name the resource's name in Pulumi, unique in the program
   * @param args its inputs
   * @param opts Pulumi's resource options, such as `protect` and `ignoreChanges`
   */
  constructor(name: string, args: AntflySecretArgs, opts?: pulumi.CustomResourceOptions) {
    super(description, name, args, opts);
  }

  /**
   * Reads an `AntflySecret` that exists already. `pulumi up` does not change or delete it.
   *
   * @param name the resource's name in Pulumi, unique in the program
   * @param id the secret's key. If the server is not the configured `antflyUrl`, an import takes its URL, a slash and the key: `https://antfly.example.com/openai.api_key`
   * @param opts Pulumi's resource options, such as `dependsOn` and `parent`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): AntflySecret {
    return FormationsResource.read(AntflySecret, name, id, opts);
  }
}
