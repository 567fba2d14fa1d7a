/** A formation's inputs, with room for every change; with t2 tunes the disks would be fixed. */
export const formationInputs = {
  region: "us-east-1",
  coordinatorTune: "r5.large",
  coordinatorDiskSize: 512,
  workerTune: "r5.large",
  workerCount: 2,
  workerDiskSize: 512,
};
