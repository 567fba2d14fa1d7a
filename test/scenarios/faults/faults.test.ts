import { answers, connections, delays, denials, timeouts } from "./faults.ts";
import { faultSample } from "./matrix.ts";

faultSample({ ...answers, ...denials, ...connections, ...timeouts, ...delays });
