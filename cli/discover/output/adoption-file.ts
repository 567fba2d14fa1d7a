import { utc } from "../../../provider/resource/values";
import type { AdoptionFile } from "../../recover/adoption-file";
import { propertiesOf, stateId } from "./entry";
import type { Named } from "./names";

/**
 * Makes the file for `formations recover --adopt-file`: names, IDs and all that was read, secrets in
 * plain, so that `recover` sends no request.
 *
 * @param now when the servers were read: milliseconds since the epoch
 */
export function adoptionFile(all: readonly Named[], now: number): AdoptionFile {
  return {
    format: "formations adoptions",
    version: 1,
    readAt: utc(now),
    resources: all.map(({ found, name }) => ({
      type: found.definition.name,
      ...{ name, id: stateId(found) },
      ...(found.account.provider !== undefined && { provider: found.account.provider }),
      state: propertiesOf(found).outputs,
    })),
  };
}
