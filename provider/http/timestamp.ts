import { z } from "zod";

/** A time in an answer, such as `created_at`. One that cannot be read does not fit the schema. */
export function timestamp() {
  return z.string().refine((text) => !Number.isNaN(Date.parse(text)), "Invalid time");
}
