import * as pulumi from "@pulumi/pulumi";
import {
  type ConfiguredNaming,
  configuredNaming,
  filledPattern,
  hasRandom,
  InvalidNaming,
  withDrawn,
} from "../provider/resource/name-pattern";
import { autoname, originText } from "../provider/resource/names";
import { packageName, token } from "../provider/resource/urn";

/** Whose name it is that is made. */
export interface Nameless {
  /** The resource's name in the package. */
  type: string;
  /** The name that the program gives it in Pulumi. */
  logicalName: string;
  /** The inputs that only a replacement changes, except the name. */
  replacing: Record<string, unknown>;
}

/** A name that a class makes, and how: the check of the dynamic host decides whether it fits. */
export interface MadeName {
  mode: ConfiguredNaming["mode"];
  /** Undefined: the program has to give one. */
  name: pulumi.Output<string> | undefined;
}

/**
 * Makes the name of a resource whose program gives none, as `pulumi:autonaming` says.
 *
 * @throws RunError if the configuration is not valid
 */
export function madeName({ type, logicalName, replacing }: Nameless): MadeName {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const { mode, pattern } = orRefused(logicalName, type, () => configured(type));
  if (mode === "disable") return { mode, name: undefined };
  const origin = (known: Record<string, unknown>) => ({
    ...{ project, stack, type, logicalName },
    replacing: known,
  });
  if (mode === "default") {
    return { mode, name: pulumi.output(replacing).apply((known) => autoname(origin(known))) };
  }
  const context = {
    ...{ project, stack, logicalName, config },
    // Not every unit test of a program says one.
    get organization() {
      return pulumi.getOrganization();
    },
  };
  const filled = orRefused(logicalName, type, () => filledPattern(pattern, context));
  if (!hasRandom(filled)) return { mode, name: pulumi.output(filled) };
  const name = pulumi
    .output(replacing)
    .apply((known) => withDrawn(filled, originText(origin(known))));
  return { mode, name };
}

function configured(type: string): ConfiguredNaming {
  const text = new pulumi.Config("pulumi").get("autonaming");
  return configuredNaming(text === undefined ? undefined : parsed(text), packageName, token(type));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidNaming(
      `pulumi:autonaming is ${JSON.stringify(text)}; it must have keys and values`,
    );
  }
}

/** The project's value of a key, or of a path in it: `team`, `names.short`, `zones[0]`. */
function config(path: string): string | undefined {
  const [key = "", ...steps] = path.split(/[.[\]"]+/).filter((step) => step !== "");
  const text = new pulumi.Config().get(key);
  if (steps.length === 0 || text === undefined) return text;
  const whole = parsed(text);
  const value = steps.reduce<unknown>((at, step) => Object(at)[step], whole);
  if (value == null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function orRefused<T>(logicalName: string, type: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InvalidNaming)) throw error;
    throw new pulumi.RunError(`${logicalName} (${type}): no name can be made: ${error.message}.`);
  }
}
