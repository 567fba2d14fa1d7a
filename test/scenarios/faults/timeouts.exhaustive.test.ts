import { timeouts } from "./faults.ts";
import { faultMatrix } from "./matrix.ts";

faultMatrix(timeouts);
