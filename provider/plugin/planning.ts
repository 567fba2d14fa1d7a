import {
  CheckRequest,
  CheckResponse,
  type DiffRequest,
  DiffResponse,
  PropertyDiff,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import type { DiffRequest as Change, Definition } from "../resource/definition";
import * as lifecycle from "../resource/lifecycle";
import { autoname, replacingInputs } from "../resource/names";
import { type Naming, type NamingMode, named } from "../resource/naming";
import { noObstacles, obstaclesOfChange, obstaclesOfCheck } from "../resource/obstacles";
import { type Plan, type PropertyPlan, remarksOf, replacedKeys } from "../resource/plan";
import { type Secrets, secretKeys, secretsOf, union } from "../resource/secrets";
import { containsUnknown, unknownValue, type Values } from "../resource/values";
import { nameOf, resourceOf } from "./catalogue";
import type { Host } from "./host";
import { missingSinceImport } from "./import";
import type { Message } from "./messages";
import { encodeFailure, Unsupported } from "./status";
import { type Bag, decodeBag, encodeBag } from "./wire";

/** Checks inputs, and names the resource if the program doesn't. No I/O. */
export function check(
  host: Host,
  { fields: request, bags }: Message<CheckRequest, "olds" | "news">,
): Message<CheckResponse, "inputs"> {
  const definition = resourceOf(request);
  if (host.isDirect) demandServer(host, definition);
  const { properties: given, secrets } = decodeBag(bags.news);
  const before = decodeBag(bags.olds);
  const { properties: olds } = before;
  const made = secretKeys(secrets);
  const checked = lifecycle.check(definition, given, { olds, secrets: made });
  const urn = request.getUrn();
  const key = definition.plan.autoname;
  const isNamed = key === undefined || checked.inputs[key] !== undefined;
  const { failures: unnamed, ...inputs } = isNamed
    ? { properties: checked.inputs, marks: {}, failures: [] }
    : named(definition, checked.inputs, before, () => namingOf(definition, request, given));
  const failed = [...checked.failures, ...unnamed];
  host.session.pace.planned(urn);
  const claim = { urn, isNew: Object.keys(olds).length === 0, secrets: made };
  const ahead =
    failed.length > 0
      ? noObstacles
      : obstaclesOfCheck(definition, host.session, inputs.properties, claim, host.isConfigured);
  for (const text of [
    ...checked.warnings.filter((one) => host.session.isNew(`${urn} ${one}`)),
    ...ahead.warnings,
  ]) {
    host.log.log({ severity: "warning", urn, text });
  }
  const response = new CheckResponse();
  for (const reason of ahead.errors) response.addFailures(encodeFailure({ property: "", reason }));
  if (failed.length > 0) {
    const excused = missingSinceImport(definition, olds, given);
    const failures = failed.filter(({ property }) => !excused.includes(property));
    for (const failure of failures) response.addFailures(encodeFailure(failure));
  }
  const checkedBag = encodeBag(inputs, union(secrets, secretsOf(definition.inputs)));
  return { fields: response, bags: { inputs: checkedBag } };
}

/**
 * Refuses to check what could not be created: a command asks for consent after the check.
 *
 * @throws Unsupported for what only a state would keep, where nothing is kept; ConfigurationError when a
 *   value is missing or malformed
 */
function demandServer({ session }: Host, { name, find, system }: Definition): void {
  if (find !== undefined) {
    session.api(system);
    return;
  }
  throw new Unsupported(
    `${name} exists only in a stack's state, which \`--stateless\` does without. Leave the flag out: the current stack then keeps it.`,
  );
}

/**
 * The name of a new resource: what the engine says of it by `pulumi:autonaming`, or else one that is made
 * from the inputs as the program spells them: the dynamic classes know no others, and both hosts have to
 * make the same name.
 */
function namingOf(definition: Definition, request: CheckRequest, given: Values): Naming {
  const asked = request.getAutonaming();
  if (!asked) return { mode: "default", name: newName(definition, request.getUrn(), given) };
  const mode = namingModes[asked.getMode()];
  return { mode, name: asked.getProposedName() };
}

const { Mode } = CheckRequest.AutonamingOptions;

const namingModes: Readonly<Record<CheckRequest.AutonamingOptions.Mode, NamingMode>> = {
  [Mode.PROPOSE]: "propose",
  [Mode.ENFORCE]: "enforce",
  [Mode.DISABLE]: "disable",
};

function newName(definition: Definition, urn: string, given: Values): string {
  const { project, stack, name: logicalName } = nameOf(urn);
  const replacing = replacingInputs(definition, given);
  if (containsUnknown(replacing)) return unknownValue;
  return autoname({ project, stack, type: definition.name, logicalName, replacing });
}

/** Plans a change, and shows its remarks at the resource. No I/O. */
export function diff(host: Host, message: Message<DiffRequest, ChangeBag>): DiffResponse {
  const { fields: request } = message;
  const { definition, change } = changeOf(message);
  const plan = lifecycle.diff(definition, change);
  const urn = request.getUrn();
  const ahead = host.isConfigured
    ? obstaclesOfChange(definition, host.session, plan, change.news)
    : [];
  host.session.pace.planned(urn);
  lifecycle.announce(definition, host.session, change, plan);
  for (const text of ahead) host.log.log({ severity: "warning", urn, text });
  host.session.managed.add(definition, { id: change.id }, { urn });
  for (const { severity, text } of remarksOf(plan)) {
    // The engine's `--diff` shows no resource beside a message, so the message names it.
    host.log.log({ severity, urn, text: `${text} (${nameOf(urn).name})` });
  }
  return diffOf(plan, change.news);
}

const { DiffChanges } = DiffResponse;
const { Kind } = PropertyDiff;

/**
 * A plan in the terms of the engine: which properties change, how, and in what order.
 *
 * @param news the inputs of this run: a property that is not among them is shown as deleted
 */
function diffOf(plan: Plan, news: Values): DiffResponse {
  const response = new DiffResponse()
    .setChanges(plan.action === "keep" ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME)
    .setHasdetaileddiff(true)
    .setDeletebeforereplace(plan.order === "old first");
  for (const change of plan.changes) name(change.property, kindOf(change, news));
  for (const key of replacedKeys(plan)) {
    response.addReplaces(key);
    if (!response.getDiffsList().includes(key)) name(key, Kind.UPDATE_REPLACE);
  }
  return response;

  function name(key: string, kind: PropertyDiff.Kind): void {
    response.addDiffs(key);
    response.getDetaileddiffMap().set(key, new PropertyDiff().setKind(kind));
  }
}

function kindOf({ property, action, from }: PropertyPlan, news: Values): PropertyDiff.Kind {
  const isReplacement = action === "replace";
  if (from === undefined) return isReplacement ? Kind.ADD_REPLACE : Kind.ADD;
  if (news[property] === undefined) return isReplacement ? Kind.DELETE_REPLACE : Kind.DELETE;
  return isReplacement ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}

/** The property bags that a change comes in. */
export type ChangeBag = "olds" | "news" | "oldInputs";

/** The three sides of a change, and where their secrets are. */
export interface ChangeRequest {
  definition: Definition;
  change: Change;
  news: Bag;
  /** Of all three sides. */
  secrets: Secrets;
}

/** Decodes the change that a request is about. */
export function changeOf({
  fields: request,
  bags,
}: Message<DiffRequest | UpdateRequest, ChangeBag>): ChangeRequest {
  const definition = resourceOf(request);
  const olds = decodeBag(bags.olds);
  const news = decodeBag(bags.news);
  // An engine that is too old to send them has the inputs among the state.
  const applied = bags.oldInputs ? decodeBag(bags.oldInputs) : olds;
  const secrets = union(applied.secrets, olds.secrets, news.secrets);
  const change = {
    id: request.getId(),
    applied: applied.properties,
    state: olds.properties,
    marks: olds.marks,
    news: news.properties,
    autonamed: news.marks.autonamed ?? false,
    secrets: secretKeys(secrets),
  };
  return { definition, change, news, secrets };
}
