import { describe } from "vitest";
import { answers, denials } from "./faults.ts";
import { faultMatrix } from "./matrix.ts";

describe("responses that a retry mends", () => faultMatrix(answers));
describe("responses that none mends", () => faultMatrix(denials));
