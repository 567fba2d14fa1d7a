import type { Values } from "../../provider/resource/values.ts";
import type { Access } from "./subject.ts";

/** Configuration as a YAML program gives it to an explicit provider: numbers have to be numbers. */
export function yamlAccess(access: Access): Values {
  const entries = Object.entries(access).map(([key, value]) => [
    key,
    typeof value === "string" ? Number(value) || value : { "fn::secret": value.secret },
  ]);
  return Object.fromEntries(entries);
}
