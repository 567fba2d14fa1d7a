import { delays } from "./faults.ts";
import { faultMatrix } from "./matrix.ts";

faultMatrix(delays);
