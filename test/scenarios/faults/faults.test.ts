import { answers, connections, timeouts } from "./faults.ts";
import { faultSample } from "./matrix.ts";

faultSample({ ...answers, ...connections, ...timeouts });
