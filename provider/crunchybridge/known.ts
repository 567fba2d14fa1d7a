/*
 * What `GET /providers` lists changes without notice, and a check asks no server: these are for an
 * editor to offer, and to notice a slip of the pen. Others are let through with a warning.
 */

/** Plans: a family, and its memory in GB. */
export const plans = [
  ...["hobby-0", "hobby-2", "hobby-4"],
  ...["standard-4", "standard-8", "standard-16", "standard-32", "standard-64"],
  ...["memory-16", "memory-32"],
] as const;

/** Cloud providers. */
export const providers = ["aws", "azure", "gcp"] as const;

/** Regions of all providers. */
export const regions = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"],
  ...["eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ap-south-1"],
  ...["eastus", "westeurope"],
  ...["us-central1", "europe-west1"],
] as const;
