import { FormationsError } from "../../provider/errors";

/** `formations simulate` can't do what it was asked: a seed, a fault or a drift is wrong, or nothing is simulated. */
export class SimulationFailed extends FormationsError {
  readonly code = "SIMULATION_FAILED";
}
