import { pack } from "../../../provider/resource/marks";
import { present, utc } from "../../../provider/resource/values";
import type { AdoptionFile } from "../../recover/adoption-file";
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
    resources: all.map(({ found: { definition, id, account, state, marks }, name }) => ({
      type: definition.name,
      ...{ name, id },
      ...(account.provider !== undefined && { provider: account.provider }),
      state: pack({ properties: present(state), marks }),
    })),
  };
}
