import { functions, resources, systems } from "../../provider";
import { functionsPage } from "./function-page";
import { code, firstSentence, headingAnchor } from "./markdown";
import { resourcePage } from "./resource-page";

/** The index of the reference: every resource and function in a sentence, with a link to its page. */
export function reference(): string {
  return [
    "# Reference",
    "Every resource and every function, each with its inputs and outputs, and an example in each language. Sizes are whole numbers of GB; times are RFC 3339 in UTC. With [the simulators](first-steps.md), every program runs without an account.",
    "## Resources",
    resources.map((one) => entry(one, resourcePage(one))).join("\n"),
    "[What each change becomes](plan.md) has the rules that all of them share, [configuration](configuration.md) the settings of each system.",
    "## Functions",
    "`Formation.get(name, id)`, and the same method of the other classes, reads one resource. These functions read more:",
    ...systems.flatMap((system) => [
      `### ${system.title}`,
      functions
        .filter((one) => one.system === system)
        .map((one) => entry(one, `${functionsPage(system)}#${headingAnchor(one.name)}`))
        .join("\n"),
    ]),
    "From the command line, `pulumi do` reads, lists and calls functions without a program, and changes single resources: see [Operating resources from the command line](pulumi-do.md).",
  ]
    .join("\n\n")
    .concat("\n");
}

function entry({ name, description }: { name: string; description: string }, page: string): string {
  return `- [${code(name)}](${page.replace("docs/", "")}): ${firstSentence(description)}`;
}
