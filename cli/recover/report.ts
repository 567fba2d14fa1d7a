import { adoptingCommand } from "../../provider/resource/adoption";
import type { Definition } from "../../provider/resource/definition";
import { creationTimeOf } from "../../provider/resource/identity";
import type { Found } from "../../provider/resource/lifecycle";
import * as lifecycle from "../../provider/resource/lifecycle";
import { logicalName } from "../../provider/resource/urn";
import { definitionOf } from "../stack/deployment";
import type { StackOptions } from "../stack/pulumi";
import { inUtcIfTime } from "../terminal/time";
import { isSettledAtOnce, type Recovered } from "./completion";
import type { Decision } from "./decision";
import type { Recovery } from "./recovery";

/** From how many answers on one flag stands for all that match the program. */
const manyAnswers = 6;

/** What the user has to be told of a recovery, one text per line of thought. */
export function describe({ recovered, removed, known, held, left }: Recovery): string[] {
  const [first] = held;
  const names = first && held.length === 1 ? first.name : `${held.length} resources of the file`;
  return [
    ...(first ? [`Already in the state, as the file has it: ${names}.`] : []),
    ...known.map(({ urn, id }) => `${logicalName(urn)} is already in the state, with ID ${id}.`),
    ...recovered.map(describeOne),
    ...removed.map(
      ({ definition, resource, why }) =>
        `${logicalName(resource.urn)} (${definition.name}): ${why}; ${resource.id} is removed from the state.`,
    ),
    ...left,
  ];
}

function describeOne({ creation, decision }: Recovered): string {
  const { definition, resource } = creation;
  const what = `${logicalName(resource.urn)} (${definition.name})`;
  switch (decision.action) {
    case "adopt":
      return `${what}: adopt ${factsOf(definition, decision.snapshot)}: ${decision.why}.`;
    case "create":
      return `${what}: ${decision.why}; the next \`pulumi up\` creates it.`;
    case "leave":
      return `${what}: left unchanged: ${decision.why}`;
    case "ask": {
      const lines = decision.candidates.map((one) => `\n  ${factsOf(definition, one)}`);
      const question = lines.length > 1 ? "which of these is it?" : "is it this?";
      return `${what}: ${question} ${decision.why}.${lines.join("")}`;
    }
  }
}

/** A resource's ID, when it was created, and what it still waits for. */
function factsOf(definition: Definition, found: Found): string {
  const created = creationTimeOf(found);
  const waiting = lifecycle.pendingOf(definition, found);
  return [found.id, created && `created ${inUtcIfTime(created)}`, waiting]
    .filter(Boolean)
    .join(", ");
}

/** What happens to the interrupted operations that leave nothing to look for. */
export function remarksOf({ before, repeated }: Recovery): string[] {
  const again = repeated.map(({ urn, type }) => {
    const next =
      type === "deleting"
        ? "the next run deletes it, or keeps it if the program declares it"
        : "the next `pulumi up` repeats that";
    return `${logicalName(urn)}: interrupted while ${type}; ${next}.`;
  });
  const others = (before.deployment.pending_operations ?? []).flatMap(({ type, resource }) => {
    if (definitionOf(resource.type)) return [];
    const what = `${logicalName(resource.urn)} (${resource.type}): interrupted while ${type}`;
    return isSettledAtOnce(type, resource)
      ? `${what}, which leaves nothing; the operation is removed from the state.`
      : `${what}. It belongs to another package: check yourself what it left, since the operation is removed from the state and only the copy keeps it.`;
  });
  return [...again, ...others];
}

/** A resource that the user has to decide about. */
interface Question {
  urn: string;
  decision: Extract<Decision, { action: "ask" }>;
}

/** How the user ran the command, which an answer repeats. */
export interface Invocation extends StackOptions {
  /** The answers that the user gave already, which the state does not have yet. */
  adopt: readonly (readonly [name: string, id: string])[];
  /** The file that offers resources, unless they are in the state now. */
  adoptFile?: string;
  preview: boolean;
}

/** What the user has to decide, and the command that answers every question of it. */
export interface Questions {
  /** A sentence that ends before the command. */
  head: string;
  command: string;
}

/**
 * Asks for the user's decisions, all at once: with one command that answers every question.
 *
 * @returns undefined: there is nothing to decide
 */
export function questionsOf(
  { recovered }: Recovery,
  invocation: Invocation,
): Questions | undefined {
  const questions = recovered.flatMap(({ creation, decision }): Question[] =>
    decision.action === "ask" ? [{ urn: creation.resource.urn, decision }] : [],
  );
  const [first] = questions;
  if (!first) return undefined;
  const urns = new Set(recovered.map(({ creation }) => creation.resource.urn));
  const nameOf = (urn: string) => {
    const name = logicalName(urn);
    return [...urns].filter((one) => logicalName(one) === name).length > 1 ? urn : name;
  };
  const matching = questions.filter(({ decision }) => decision.isMatch);
  const isMany = matching.length >= manyAnswers;
  const named = isMany ? questions.filter(({ decision }) => !decision.isMatch) : questions;
  const answers = [
    ...invocation.adopt,
    ...named.map(({ urn, decision: { candidates } }) => {
      const [only, ...others] = candidates;
      return [nameOf(urn), only && others.length === 0 ? only.id : placeholder] as const;
    }),
  ];
  const isOpen = answers.some(([, id]) => id === placeholder);
  const command = adoptingCommand(answers, [
    ...optionsOf(invocation),
    ...(isMany ? ["--adopt-matching"] : []),
  ]);
  const head =
    questions.length === 1
      ? "1 resource needs your decision. If it is yours, adopt it with this command"
      : `${questions.length} resources need your decision. This command adopts all of them; leave out what is not yours`;
  const remarks = [
    ...(isOpen ? [`put the right ID in place of each ${placeholder}`] : []),
    ...(isMany ? [`--adopt-matching is for the ${matching.length} that equal the program`] : []),
  ];
  const details = remarks.length > 0 ? ` (${remarks.join("; ")})` : "";
  return { head: `${head}${details}:`, command };
}

/** What stands for an ID that the user has to choose. */
const placeholder = "ID";

/** The options that name the stack again. */
function optionsOf({ stack, cwd, preview, adoptFile }: Invocation): string[] {
  return [
    ...(adoptFile ? ["--adopt-file", adoptFile] : []),
    ...(stack ? ["--stack", stack] : []),
    ...(cwd ? ["--cwd", cwd] : []),
    ...(preview ? [] : ["--no-preview"]),
  ];
}
