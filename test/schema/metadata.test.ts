import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { origin } from "../../provider/schema/metadata.ts";

test("a package of a repository says where its sources, logo and plugins are", () => {
  const { logoUrl, ...rest } = origin("https://github.com/owner/name");

  expect(rest).toEqual({
    homepage: "https://github.com/owner/name",
    repository: "https://github.com/owner/name",
    pluginDownloadURL: "github://api.github.com/owner/name",
  });
  expect(logoUrl).toBe("https://raw.githubusercontent.com/owner/name/main/docs/logo.svg");
  expect(existsSync(join(repository, "docs", basename(logoUrl ?? "")))).toBe(true);
});

test("a package without a repository names no address", () => {
  expect(origin(undefined)).toEqual({});
});
