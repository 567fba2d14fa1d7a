import { join } from "node:path";

/** The clone's root folder. */
export const repository = join(import.meta.dirname, "..");
