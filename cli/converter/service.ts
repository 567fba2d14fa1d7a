import type { handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { ConvertStateRequest } from "@pulumi/pulumi/proto/converter_pb";
import { refusal, Unsupported } from "../../provider/plugin/status";

// Loaded by the first call: the engine waits for the port, which needs none of this.
const conversion = (): typeof import("./conversion") => require("./conversion");

/** The service behind `pulumi import --from formations`. */
export function createConverter(): UntypedServiceImplementation {
  return {
    convertState: unary((request: ConvertStateRequest, signal) =>
      conversion().convertState(request.getArgsList(), signal),
    ),
    convertProgram: unary(() => {
      throw new Unsupported(
        "pulumi-converter-formations converts no programs: it lists what exists on the servers. Run `pulumi import --from formations`, which also writes the program.",
      );
    }),
    convertSnippet: unary(() => {
      throw new Unsupported("pulumi-converter-formations converts no snippets of programs.");
    }),
  } satisfies UntypedServiceImplementation;
}

/** Answers a call, or says why not. The signal is aborted when the engine no longer wants the response. */
function unary<Request, Response>(
  answer: (request: Request, signal: AbortSignal) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    const cancellation = new AbortController();
    call.on("cancelled", () => cancellation.abort());
    try {
      callback(null, await answer(call.request, cancellation.signal));
    } catch (error) {
      callback(refusal(error));
    }
  };
}
