import { configNamespace } from "./config";

/** A resource's or function's token on the plugin: `formations:index:Formation`. */
export function token(name: string): string {
  return `${configNamespace}:index:${name}`;
}

/** A resource's type on the dynamic host, as states have it. */
export function dynamicType(name: string): string {
  return `pulumi-nodejs:dynamic/${configNamespace}:${name}`;
}
