/** A Pulumi.yaml with a program of these resources, which runs the plugin of that clone. */
export function yamlProgram(
  plugin: string,
  resources: Readonly<Record<string, unknown>>,
  outputs: Readonly<Record<string, unknown>> = {},
): string {
  const plugins = { providers: [{ name: "formations", path: plugin }] };
  // JSON is YAML too.
  return JSON.stringify({ name: "scenario", runtime: "yaml", plugins, resources, outputs });
}

/** What refers to a resource, or to its property, in a YAML program. */
export function reference(path: string): string {
  return `$\{${path}}`;
}
