import {
  type CheckRequest,
  CheckResponse,
  type DiffRequest,
  type DiffResponse,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import type { Definition } from "../resource/definition";
import * as lifecycle from "../resource/lifecycle";
import { autoname, autonameMark, keptName, replacingInputs } from "../resource/names";
import type { Plan } from "../resource/plan";
import { type Secrets, secretKeys, secretsOf, union } from "../resource/secrets";
import { containsUnknown, unknownValue, type Values } from "../resource/values";
import { nameOf, resourceOf } from "./catalogue";
import { diffOf } from "./diff";
import type { Host } from "./host";
import { missingSinceImport } from "./import";
import { type Decoded, decode, encode, encodeFailure } from "./wire";

/** Checks inputs, and names the resource where the program doesn't. No I/O. */
export async function check(host: Host, request: CheckRequest): Promise<CheckResponse> {
  const definition = resourceOf(request);
  const news = decode(request.getNews());
  const olds = decode(request.getOlds());
  const made = secretKeys(news.secrets);
  const { inputs, failures, warnings } = lifecycle.check(definition, news.values, {
    olds: olds.values,
    secrets: made,
  });
  for (const text of warnings) host.warnOnce(request.getUrn(), text);
  const excused = missingSinceImport(definition, olds.values, news.values);
  const response = new CheckResponse();
  for (const failure of failures) {
    if (!excused.includes(failure.property)) response.addFailures(encodeFailure(failure));
  }
  const name = madeName(definition, request.getUrn(), {
    olds: olds.values,
    inputs,
    given: news.values,
  });
  const secrets = union(news.secrets, secretsOf(definition.inputs));
  return response.setInputs(encode({ ...inputs, ...name }, secrets));
}

/**
 * The name that the provider makes where the program gives none, and the mark that says so. It is made
 * from what the program gives, as it is spelt there: the dynamic classes know no more, and both hosts
 * make the same name.
 */
function madeName(
  definition: Definition,
  urn: string,
  { olds, inputs, given }: Record<"olds" | "inputs" | "given", Values>,
): Values {
  const key = definition.plan.autoname;
  if (!key || inputs[key] !== undefined) return {};
  const kept = keptName(definition, olds, inputs);
  if (kept !== undefined) return { [key]: kept, [autonameMark]: true };
  const { project, stack, name } = nameOf(urn);
  const replacing = replacingInputs(definition, given);
  const made = containsUnknown(replacing)
    ? unknownValue
    : autoname({ project, stack, type: definition.name, logicalName: name, replacing });
  return { [key]: made, [autonameMark]: true };
}

/** Plans a change; its warnings are shown at the resource. No I/O. */
export async function diff(host: Host, request: DiffRequest): Promise<DiffResponse> {
  const { definition, change } = changeOf(request);
  const plan = lifecycle.diff(definition, host.session, change);
  explain(host, request.getUrn(), plan);
  return diffOf(plan, change.news);
}

/** The three sides of a change, and where their secrets lie. */
export interface ChangeRequest {
  definition: Definition;
  change: lifecycle.DiffRequest;
  news: Decoded;
  /** Of all three sides. */
  secrets: Secrets;
}

/** Reads a change off a request. */
export function changeOf(request: DiffRequest | UpdateRequest): ChangeRequest {
  const definition = resourceOf(request);
  const state = decode(request.getOlds());
  const news = decode(request.getNews());
  // An engine that is too old to send them has the inputs among the state.
  const applied = request.getOldInputs() ? decode(request.getOldInputs()) : state;
  const secrets = union(applied.secrets, state.secrets, news.secrets);
  const change = {
    id: request.getId(),
    applied: applied.values,
    state: state.values,
    news: news.values,
    autonamed: news.values[autonameMark] === true,
    secrets: secretKeys(secrets),
  };
  return { definition, change, news, secrets };
}

function explain(host: Host, urn: string, plan: Plan): void {
  for (const text of plan.warnings) say("warning", text);
  for (const { property, action, why, undecided } of plan.changes) {
    if (undecided && action === "replace") say("info", `${property}: replace: ${why}`);
  }
  for (const reason of plan.reasons) say("info", `${plan.action}: ${reason}`);

  /** The engine's `--diff` shows no resource beside a message, so the message names it. */
  function say(severity: "warning" | "info", text: string): void {
    host.log.log({ severity, urn, text: `${text} (${nameOf(urn).name})` });
  }
}
