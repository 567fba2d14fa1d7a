import { connections } from "./faults.ts";
import { faultMatrix } from "./matrix.ts";

faultMatrix(connections);
