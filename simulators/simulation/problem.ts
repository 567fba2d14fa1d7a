/** What a person asked of a simulation can't be done; the message says why, and what can. */
export class SimulationProblem extends Error {}
