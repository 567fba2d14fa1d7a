import { answers } from "./faults.ts";
import { faultMatrix } from "./matrix.ts";

faultMatrix(answers);
