import { ConverterService } from "@pulumi/pulumi/proto/converter_grpc_pb";
import { servePlugin } from "../../provider/plugin/serve";
import { createConverter } from "./service";

void servePlugin(ConverterService, createConverter());
