import * as pulumi from "@pulumi/pulumi";
import { configNamespace } from "../provider/resource/config";
import type { Session } from "../provider/resource/session";
import type { Values } from "../provider/resource/values";

let session: Session | undefined;

/**
 * Calls a function in the program's own process, since the dynamic host serves none. The provider is
 * loaded at the first call, for programs that call none.
 */
export async function invoke<Result>(name: string, args: object): Promise<Result> {
  return (await call(name, { ...args })) as Result;
}

/** Calls a function with outputs as arguments; the result is a secret where it holds one. */
export function invokeOutput<Result>(
  name: string,
  args: object,
  holdsSecret: boolean,
): pulumi.Output<Result> {
  const result = pulumi.output(args).apply((known) => invoke<Result>(name, known));
  return (holdsSecret ? pulumi.secret(result) : result) as pulumi.Output<Result>;
}

function call(name: string, args: Values): Promise<Values> {
  const { functions } = require("../provider") as typeof import("../provider");
  const { createSession } =
    require("../provider/resource/session") as typeof import("../provider/resource/session");
  const lifecycle =
    require("../provider/resource/lifecycle") as typeof import("../provider/resource/lifecycle");
  const definition = functions.find((one) => one.name === name);
  if (!definition) throw new Error(`pulumi-formations has no function ${name}.`);
  const config = new pulumi.Config(configNamespace);
  session ??= createSession((key) => config.get(key));
  const onWait = (text: string) => void pulumi.log.info(`${name}: ${text}`);
  return lifecycle.invoke(definition, session, args, {
    signal: new AbortController().signal,
    onWait,
  });
}
