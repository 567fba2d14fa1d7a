import { answers, connections, delays, timeouts } from "./faults.ts";
import { faultSample } from "./matrix.ts";

faultSample({ ...answers, ...connections, ...timeouts, ...delays });
