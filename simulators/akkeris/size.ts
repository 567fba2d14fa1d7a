/** A size as `GET /sizes` lists it. */
export interface SimSize {
  stacks: string[];
  name: string;
  resources: { requests: { memory: string }; limits: { memory: string } };
  /** US dollars a month. */
  price: number;
  deprecated: boolean;
  description: string;
}

function size(name: string, memory: string, price: number, deprecated = false): SimSize {
  return {
    stacks: ["ds1"],
    name,
    resources: { requests: { memory }, limits: { memory } },
    price,
    deprecated,
    description: `${memory} of memory, ${name.endsWith("-prod") ? "compliance" : "general"} use`,
  };
}

/** The sizes of a new simulator: general ones, their `-prod` twins, a deprecated one. */
export function initialSizes(): SimSize[] {
  return [
    size("gp1", "256Mi", 20),
    size("gp1-prod", "256Mi", 20),
    size("gp2", "512Mi", 40),
    size("gp2-prod", "512Mi", 40),
    size("gp3", "1024Mi", 80),
    size("gp3-prod", "1024Mi", 80),
    size("gp4", "2048Mi", 160),
    size("scout", "128Mi", 10, true),
  ];
}
