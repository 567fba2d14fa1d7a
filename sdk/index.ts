import "./requirements";

export * from "./generated";
