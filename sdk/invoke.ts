import * as pulumi from "@pulumi/pulumi";
import type { Session } from "../provider/resource/session";
import { packageName } from "../provider/resource/urn";
import type { Values } from "../provider/resource/values";

// A program that calls no function loads no provider.
const catalogue = (): typeof import("../provider") => require("../provider");
const readings = (): typeof import("../provider/resource/reading") =>
  require("../provider/resource/reading");
const sessions = (): typeof import("../provider/resource/session") =>
  require("../provider/resource/session");

let session: Session | undefined;

/** Calls a function in the program's own process, since the dynamic host serves no functions. */
export async function invoke<Result>(name: string, args: object): Promise<Result> {
  return (await call(name, { ...args })) as Result;
}

/** Calls a function with outputs as arguments. The whole result is a secret if it holds one. */
export function invokeOutput<Result>(
  name: string,
  args: object,
  holdsSecret: boolean,
): pulumi.Output<Result> {
  const result = pulumi.output(args).apply((known) => invoke<Result>(name, known));
  return (holdsSecret ? pulumi.secret(result) : result) as pulumi.Output<Result>;
}

function call(name: string, args: Values): Promise<Values> {
  const definition = catalogue().functions.find((one) => one.name === name);
  if (!definition) throw new Error(`pulumi-formations has no function ${name}.`);
  const config = new pulumi.Config(packageName);
  session ??= sessions().createSession((key) => config.get(key));
  const onWait = (text: string) => void pulumi.log.info(`${name}: ${text}`);
  return readings().invoke(definition, session, args, {
    signal: new AbortController().signal,
    onWait,
  });
}
