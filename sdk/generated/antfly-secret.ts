// Generated from the definitions in provider/ by `npm run generate`: change those.

import type * as pulumi from "@pulumi/pulumi";

import provider = require("../dynamic/antfly-secret");

import { type Description, FormationsResource } from "../resource";

const description: Description = {
  type: "AntflySecret",
  properties: ["key", "value", "url", "status"],
  secretInputs: ["value"],
  secretOutputs: ["value"],
};

/** The arguments of {@link AntflySecret}. */
export interface AntflySecretArgs {
  /** The secret's name, as the server's configuration refers to it: letters, digits, dots, hyphens and underscores, for instance `openai.api_key`. A change replaces the secret. */
  readonly key: pulumi.Input<string>;
  /** The value. The server never returns it: one that somebody else stored is not seen, and stays until the program's changes. A change is stored in place. */
  readonly value: pulumi.Input<string>;
  /** The server's root, where it is not the configured `antflyUrl`; the configured API key is sent to it. A change replaces the secret. */
  readonly url?: pulumi.Input<string>;
}

/**
 * A secret in an Antfly server's own store, for instance the API key of a model's provider.
 *
 * No call returns a value. So a refresh sees that the secret is gone, and the next `pulumi up` creates it again; it sees that only an environment variable of the server provides it any more, and the next `pulumi up` stores it again, since a stored value goes before a variable's. What it **cannot see** is another value that somebody stored under the key: that stays until `value` changes in the program.
 *
 * A key that the server lists already is refused, since storing it would overwrite a value that nobody can read back. An import lacks the value: the next `pulumi up` stores the program's. Deleting the secret leaves an environment variable that provides it too. The server must be a single node, and the API key an administrator's.
 */
export class AntflySecret extends FormationsResource {
  /** The secret's name, as the server's configuration refers to it: letters, digits, dots, hyphens and underscores, for instance `openai.api_key`. A change replaces the secret. */
  declare readonly key: pulumi.Output<string>;
  /** The value. The server never returns it: one that somebody else stored is not seen, and stays until the program's changes. A change is stored in place. */
  declare readonly value: pulumi.Output<string>;
  /** The server's root, where it is not the configured `antflyUrl`; the configured API key is sent to it. A change replaces the secret. */
  declare readonly url: pulumi.Output<string | undefined>;
  /** Where the server had it from when it was last seen: `configured_file` (0.2) or `configured_keystore` (v0.1) where it is stored, `configured_both` where an environment variable has a value too, which the stored one goes before, `configured_env` where only the variable is left, or one that is new. */
  declare readonly status: pulumi.Output<string>;

  /**
   * Declares an `AntflySecret`: `pulumi up` creates it, and updates or replaces it when its arguments change.
   *
   * @param name the resource's name in Pulumi, unique in the program
   * @param args its inputs
   * @param opts Pulumi's resource options, such as `protect` and `ignoreChanges`
   */
  constructor(name: string, args: AntflySecretArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, description, name, args, opts);
  }

  /**
   * Reads an `AntflySecret` that exists already. `pulumi up` does not change or delete it.
   *
   * @param name the resource's name in Pulumi, unique in the program
   * @param id the secret's key; for one on another server than the configured `antflyUrl`, an import takes that server's URL, a slash and the key: `https://antfly.example.com/openai.api_key`
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
