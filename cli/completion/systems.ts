import { systems } from "../../provider";

/** What `--system` takes. In a file of its own, since it loads every system. */
export const systemNames: readonly string[] = systems.map(({ name }) => name);
