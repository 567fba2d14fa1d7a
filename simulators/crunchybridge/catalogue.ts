/** A plan as `GET /providers` lists it: CPU units, memory in GB, and cents per month. */
export interface SimPlan {
  id: string;
  display_name: string;
  cpu: number;
  memory: number;
  rate: number;
}

/** A cloud provider with its plans and regions. */
export interface SimProvider {
  id: string;
  display_name: string;
  /** Cents per month and GB. */
  disk: { rate: number };
  plans: SimPlan[];
  /** The prices of plans and storage are multiplied by it there. */
  regions: { id: string; display_name: string; multiplier: number }[];
}

function plan(id: string, cpu: number, memory: number, rate: number): SimPlan {
  return { id, display_name: id.replace("-", " "), cpu, memory, rate };
}

const plans = [
  plan("hobby-0", 1, 0.5, 1_000),
  plan("hobby-2", 1, 2, 3_500),
  plan("hobby-4", 1, 4, 7_000),
  plan("standard-4", 1, 4, 7_000),
  plan("standard-8", 2, 8, 14_000),
  plan("standard-16", 4, 16, 28_000),
  plan("standard-32", 8, 32, 56_000),
  plan("standard-64", 16, 64, 112_000),
  plan("memory-16", 2, 16, 20_000),
  plan("memory-32", 4, 32, 40_000),
];

function regions(multipliers: Record<string, number>): SimProvider["regions"] {
  return Object.entries(multipliers).map(([id, multiplier]) => {
    return { id, display_name: id, multiplier };
  });
}

/** What the simulator offers: a part of what the service does, at prices of its own. */
export const providers: SimProvider[] = [
  {
    id: "aws",
    display_name: "Amazon Web Services",
    disk: { rate: 10 },
    plans,
    regions: regions({ "us-east-1": 1, "us-west-2": 1, "eu-central-1": 1.15, "eu-west-1": 1.1 }),
  },
  {
    id: "azure",
    display_name: "Microsoft Azure",
    disk: { rate: 10 },
    plans,
    regions: regions({ eastus: 1, westeurope: 1.2 }),
  },
  {
    id: "gcp",
    display_name: "Google Cloud Platform",
    disk: { rate: 10 },
    plans: plans.filter(({ id }) => id !== "hobby-0"),
    regions: regions({ "us-central1": 1, "europe-west1": 1.1 }),
  },
];

/** A provider's plan; undefined if it has no plan with this ID. */
export function findPlan(providerId: string, planId: string): SimPlan | undefined {
  return providers.find(({ id }) => id === providerId)?.plans.find(({ id }) => id === planId);
}

/** Whether a provider has a region. */
export function hasRegion(providerId: string, regionId: string): boolean {
  const provider = providers.find(({ id }) => id === providerId);
  return provider?.regions.some(({ id }) => id === regionId) ?? false;
}
