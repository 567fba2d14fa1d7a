import { Diagnostic, DiagnosticSeverity, Pos, Range } from "@pulumi/pulumi/proto/codegen/hcl_pb";
import { ConvertStateResponse, ResourceImport } from "@pulumi/pulumi/proto/converter_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { withoutSecrets } from "../../provider/process/redact";
import { asSecret, type Values } from "../../provider/resource/values";
import type { ImportSpec } from "../discover/files/import-file";
import { isSecret, revealed } from "../stack/deployment";

/** A warning, which the engine shows as `summary; detail`. */
export interface Warning {
  summary: string;
  detail: string;
}

/** The response to the engine: what it imports, and what it shows. */
export function responseOf(
  resources: readonly ImportSpec[],
  warnings: readonly Warning[],
): ConvertStateResponse {
  return new ConvertStateResponse()
    .setResourcesList(resources.map(resourceOf))
    .setDiagnosticsList(warnings.map(diagnosticOf));
}

function resourceOf(spec: ImportSpec): ResourceImport {
  return new ResourceImport()
    .setType(spec.type)
    .setName(spec.name)
    .setLogicalName(spec.logicalName)
    .setId(spec.id ?? "")
    .setProvider(spec.provider ?? "")
    .setVersion(spec.version ?? "")
    .setPlugindownloadurl(spec.pluginDownloadUrl ?? "")
    .setInputs(bagOf(spec.inputs))
    .setOutputs(bagOf(spec.outputs));
}

function bagOf(sealed: Values | undefined): Struct | undefined {
  if (sealed === undefined) return undefined;
  // What a property bag can't hold becomes what JSON makes of it, as in a file.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(onWire(sealed))));
}

/** A value of a file whose secrets are as the protocol writes them. */
function onWire(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(onWire);
  if (isSecret(value)) return asSecret(revealed(value));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, onWire(item)]));
}

/** The engine shows where a diagnostic is from, and `<nil>` where nothing says so. */
function diagnosticOf({ summary, detail }: Warning): Diagnostic {
  const subject = new Range().setFilename("formations").setStart(new Pos()).setEnd(new Pos());
  return new Diagnostic()
    .setSeverity(DiagnosticSeverity.DIAG_WARNING)
    .setSummary(withoutSecrets(summary))
    .setDetail(withoutSecrets(detail))
    .setSubject(subject);
}
