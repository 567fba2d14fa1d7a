/** A plan as `GET /providers` lists it: CPU units and memory in GB. */
export interface SimPlan {
  id: string;
  display_name: string;
  cpu: number;
  memory: number;
}

/** A cloud provider with its plans and regions. */
export interface SimProvider {
  id: string;
  display_name: string;
  plans: SimPlan[];
  regions: { id: string; display_name: string }[];
}

function plan(id: string, cpu: number, memory: number): SimPlan {
  return { id, display_name: id.replace("-", " "), cpu, memory };
}

const plans = [
  plan("hobby-0", 1, 0.5),
  plan("hobby-2", 1, 2),
  plan("hobby-4", 1, 4),
  plan("standard-4", 1, 4),
  plan("standard-8", 2, 8),
  plan("standard-16", 4, 16),
  plan("standard-32", 8, 32),
  plan("standard-64", 16, 64),
  plan("memory-16", 2, 16),
  plan("memory-32", 4, 32),
];

function regions(...ids: string[]): SimProvider["regions"] {
  return ids.map((id) => ({ id, display_name: id }));
}

/** What the simulator offers; a part of what the service does. */
export const providers: SimProvider[] = [
  {
    id: "aws",
    display_name: "Amazon Web Services",
    plans,
    regions: regions("us-east-1", "us-west-2", "eu-central-1", "eu-west-1"),
  },
  {
    id: "azure",
    display_name: "Microsoft Azure",
    plans,
    regions: regions("eastus", "westeurope"),
  },
  {
    id: "gcp",
    display_name: "Google Cloud Platform",
    plans: plans.filter(({ id }) => id !== "hobby-0"),
    regions: regions("us-central1", "europe-west1"),
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
