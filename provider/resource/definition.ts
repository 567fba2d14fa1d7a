import type { z } from "zod";
import type { CallOptions } from "../process/call";
import type { Clock } from "../process/clock";
import type { Listing } from "./listing";
import type { Autonamed, Kept } from "./marks";
import type { Effect, PlanRules } from "./plan-rules";
import type { CostRules, PriceSource } from "./prices";
import type { Pace } from "./session";
import type { Constraint } from "./validation";
import type { Values } from "./values";

/** An API that resources live in. */
export interface System<Api = unknown> {
  /** The folder's name: `citus`. */
  name: string;
  /** The name that people use: `Citus Cloud`. */
  title: string;
  /** Its configuration keys, each with a description; tokens carry `secret`. */
  config: z.ZodObject;
  /**
   * Makes the API's client. It is called at the first use of the system, so that a system that isn't used
   * needs no configuration.
   *
   * @param clock the session's, for waits between requests
   * @param pace the engine's, for a client that sends together what it is asked for one after another. Default:
   *   the engine was not seen to plan
   * @throws ConfigurationError naming the key and the environment variable that is missing
   */
  connect(config: Values, clock: Clock, pace?: Pace): Api;
  /**
   * Makes sure, without a request, that the configuration allows to reach what a resource of these inputs
   * is on; for a system whose resources can name their server.
   *
   * @throws ConfigurationError saying what is missing or malformed
   */
  reach?(api: Api, inputs: Values): void;
  /** What it publishes of its prices. Absent: nothing. */
  prices?: PriceSource<Api>;
  /**
   * Finds out whether the credential may read, with as few requests as the API allows. They change nothing.
   *
   * @param context `once`: whether the first failure is final
   * @throws FormationsError as every request does
   */
  probe(context: Reading<Api> & { once: boolean }): Promise<void>;
  /** The limit that the API has for requests per credential. Absent: none that clients have to keep. */
  limit?(config: Values): RequestLimit | undefined;
}

/** How many requests per minute an API accepts with one credential. */
export interface RequestLimit {
  /** The system's title. */
  system: string;
  /** The credential that the server counts by. */
  token: string;
  requestsPerMinute: number;
}

/** What a function gets besides its arguments. Requests take it as their options. */
export interface Reading<Api> extends CallOptions {
  api: Api;
}

/** What a verb gets besides its arguments. */
export interface Context<Api> extends Reading<Api> {
  /** The resource's URN, for messages; the dynamic host doesn't know it. */
  urn?: string;
  clock: Clock;
  /** Sets the status line beside the resource: `converging, 3 min 10 s`. */
  progress(text: string): void;
  /** Shows a warning at the resource. */
  warn(text: string): void;
  /**
   * Notes what exists on the server from now on. If the verb fails later, the engine keeps this, so that
   * nothing that was created is lost.
   */
  exists(snapshot: Snapshot): void;
  /** IDs of what this process will replace: a create must not treat them as its rivals. */
  replaced: ReadonlySet<string>;
}

/** The three sides of a change: what was applied, the state of the last run or refresh, and what is asked. */
export interface DiffRequest extends Kept {
  /** The inputs of the last run. */
  applied: Values;
  /** The checked inputs of this run. */
  news: Values;
  /** Whether the program left the name among them to be made. */
  autonamed: Autonamed;
  /** Inputs that the program made secrets, besides those that always are: no message shows them. */
  secrets?: ReadonlySet<string>;
}

/** A resource as the server has it. */
export interface Snapshot<State = Values> {
  id: string;
  /** Inputs as observed, and the outputs besides them. */
  state: State;
  /** Properties that the server may show although they are not in effect: the next update sends them again. */
  unfinished?: readonly string[];
  /**
   * IDs of the resources that this one was created to replace. They are remembered as long as it exists:
   * one that the engine could not delete yet is not a rival of the next replacement either.
   */
  predecessors?: readonly string[];
  /** When it was created, if the state has no `createdAt`: RFC 3339. Only `find` sets it. */
  createdAt?: string;
}

/** What two resources can't both have. */
export interface Place {
  /** What it is: `shop-dev/web`, `formation "events" in us-east-1`. */
  name: string;
  /** Why only one can have it: `an app has one formation of each type`. */
  rule: string;
}

/** What an update gets. */
export interface UpdateRequest<Inputs, State> {
  id: string;
  /** What the program asks for now. */
  inputs: Inputs;
  /** What the server was last seen to have. */
  state: State;
  /** The properties to send, with their values: `undefined` clears. */
  changes: Partial<Inputs>;
  /** Whether its creation, or an earlier change, did not end. */
  isPending: boolean;
}

/**
 * A resource, defined once for every host. It reads top to bottom: description, schemas, plan rules,
 * check, verbs.
 */
export interface Definition<Inputs = Values, State = Values, Api = unknown> {
  /** Its name in the package: `Formation`. */
  name: string;
  /** What a reader has to know before using it, in Markdown. */
  description: string;
  system: System<Api>;
  /** What the program gives. Every property has a description. */
  inputs: z.ZodObject;
  /** The outputs besides the inputs. */
  outputs: z.ZodObject;
  /** What the ID is, for import and `.get`: `the formation's ID`. */
  id: string;
  /** Whether a text that a person typed can be an ID. Default: any text can. */
  isId?(id: string): boolean;
  /** Inputs of a first program, for the package's documentation. Secret ones come from its configuration. */
  example?: Partial<Inputs>;
  plan: PlanRules;
  /** Rules between inputs. */
  constraints?: readonly Constraint<Inputs>[];
  /** What it costs, for reviewers. Every resource of a system with prices has it. */
  cost?: CostRules<State>;
  /**
   * What the server is still busy with, for instance `state "creating"`; undefined: ready. It matters for
   * resources whose creation or last change did not end: the next `up` resumes waiting.
   */
  pending?(state: State): string | undefined;
  /** Whether the server is deleting it already. Absent if deletions take effect immediately. */
  isLeaving?(state: State): boolean;
  /**
   * What a creation is certain to have besides its inputs: the ID, what is made from inputs, and what
   * will be absent (`undefined`). Everything else is unknown in a preview, and so is what is made from the
   * unknown value, which is passed for an input that is not known yet.
   */
  foresee?(inputs: Inputs): { id?: string; state?: Partial<State> };
  /**
   * The place that only one resource can have, so that two of one program can be refused in the preview.
   * Undefined: these inputs take none. Absent: none ever does. An input that is not known yet is passed as
   * the unknown value.
   */
  claims?(inputs: Inputs): Place | undefined;
  /** What a creation does to the service of others, for reviewers. Default: nothing. */
  whenCreated?(inputs: Partial<Inputs>): Effect;
  /** What a deletion does to data and service, for reviewers. */
  whenDeleted(state: Partial<State>): Effect;
  /**
   * What a replacement does that the plan does not ask for: one that `--replace` or an option of the
   * program forces. Default: what the deletion of the old one does.
   */
  whenReplaced?(state: Partial<State>): Effect;
  /**
   * Tells the client what an update will change that the engine has planned and not yet asked for: nothing,
   * if it will not ask for one. Absent: the client has no use for it.
   */
  announce?(id: string, changes: Partial<Inputs>, api: Api): void;
  create(inputs: Inputs, context: Context<Api>): Promise<Snapshot<State>>;
  /**
   * Reads it back. Undefined: the server does not know it; `destroyed`: the server says that it existed,
   * which rules out that it is only too new to be shown.
   *
   * @param known the last known state, empty on an import. Write-only values are taken from it
   */
  read(
    id: string,
    known: Partial<State>,
    context: Context<Api>,
  ): Promise<Snapshot<Partial<State>> | "destroyed" | undefined>;
  update(request: UpdateRequest<Inputs, State>, context: Context<Api>): Promise<Snapshot<State>>;
  /**
   * Finds what an interrupted creation may have left: everything with its name, or in its place. Absent
   * if a creation leaves nothing on the server. `unfinished` names the properties that the creation's first
   * request does not set as asked.
   *
   * @param inputs what the creation asked for. Write-only values are taken from it
   */
  find?(inputs: Inputs, context: Context<Api>): Promise<Snapshot<State>[]>;
  /** How those that exist are listed. Absent if a creation leaves nothing on a server. */
  listing?: Listing<Values, State, Api>;
  /** Deletes it and waits until it is gone. It is a success if it is gone already. */
  delete(id: string, state: State, context: Context<Api>): Promise<void>;
  /**
   * The inputs of an import that a program can give together, of all that the server shows. Default: all
   * of them pass the check.
   */
  importable?(inputs: Partial<Inputs>): Partial<Inputs>;
  /** What no two resources of an account share, in the form that an import takes. Default: the ID. */
  place?(id: string, state: Partial<State>): string;
  /** The output that is the server's own ID, where one resource may have two spellings of the ID. */
  serverId?: keyof State & string;
}

/** A function that reads, for programs. */
export interface FunctionDefinition<Args = Values, Result = Values, Api = unknown> {
  /** Its name in the package: `getFormation`. */
  name: string;
  description: string;
  system: System<Api>;
  args: z.ZodObject;
  result: z.ZodObject;
  /** Arguments of a first program, for the package's documentation. Default: none. */
  example?: Partial<Args>;
  /** What it sends, in order, for its page: `METHOD path`, and behind a colon when or why. */
  requests: readonly string[];
  invoke(args: Args, context: Reading<Api>): Promise<Result>;
}

type Inferred<Schema extends z.ZodObject> = z.output<Schema>;

/** A resource may have no outputs of its own; zod's type of an empty object would forbid its inputs. */
type Outputs<Schema extends z.ZodObject> = keyof Schema["shape"] extends never
  ? unknown
  : Inferred<Schema>;

/**
 * What a server has, in the terms of a schema. Strings and numbers are open at any depth, since a server
 * may have values that the schema does not allow yet.
 */
export type Observed<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends object
      ? { [Key in keyof T]: Observed<T[Key]> }
      : T;

/** Types a definition from its schemas. */
export function defineResource<I extends z.ZodObject, O extends z.ZodObject, Api>(
  definition: Omit<
    Definition<Inferred<I>, Observed<Inferred<I>> & Outputs<O>, Api>,
    "inputs" | "outputs" | "system"
  > & { inputs: I; outputs: O; system: System<Api> },
) {
  return definition;
}

/** Types a function from its schemas. */
export function defineFunction<A extends z.ZodObject, R extends z.ZodObject, Api>(
  definition: Omit<
    FunctionDefinition<Inferred<A>, Observed<Inferred<R>>, Api>,
    "args" | "result"
  > & {
    args: A;
    result: R;
  },
): FunctionDefinition<Inferred<A>, Observed<Inferred<R>>, Api> {
  return definition;
}

/** Types a system from its configuration schema. */
export function defineSystem<C extends z.ZodObject, Api>(
  system: Omit<System<Api>, "config" | "connect" | "limit"> & {
    config: C;
    connect(config: Inferred<C>, clock: Clock, pace?: Pace): Api;
    limit?(config: Inferred<C>): RequestLimit | undefined;
  },
): System<Api> {
  return {
    ...system,
    connect: (config, clock, pace) => system.connect(config as Inferred<C>, clock, pace),
    limit: (config) => system.limit?.(config as Inferred<C>),
  };
}
