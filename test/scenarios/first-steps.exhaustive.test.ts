import { expect, onTestFinished, test } from "vitest";
import { Platform } from "../../simulators/platform.ts";
import { withoutGo, withoutPython } from "./sdks.ts";
import { settingsOf } from "./typed-languages.ts";
import { besideClone, type Step, stepsOf, type, userEnvironment } from "./typed-pages.ts";

/** What the first page asks for between two commands, in words. */
const change: Step = {
  title: "the change",
  script: `sed -i '/[qQ]uantity/ s/2/3/; s/gp2/gp1/' "$PROGRAM"\n`,
};

/**
 * What the second page says of a company that runs an Akkeris of its own. It prints first how many of the
 * simulators' variables are still set.
 */
function ownAkkeris(url: string): Step {
  const script = `env | grep -c ^FORMATIONS_ || true\npulumi config set formations:akkerisUrl ${url}\n`;
  return { title: "the URL", script };
}

/** The steps of the first page in a language, without those that are done in the clone. */
function firstSteps(language: string): Step[] {
  const page = "docs/first-steps.md";
  const [, ...shell] = stepsOf(page);
  const [create, preview, destroy] = stepsOf(page, "Preview, up, destroy");
  if (!create || !preview || !destroy) throw new Error("The page ends otherwise.");
  return [...shell, ...stepsOf(page, language), create, change, preview, destroy];
}

/** The steps of the second page, which goes on where the first one ends. */
function realAccounts(url: string): Step[] {
  const page = "docs/real-accounts.md";
  const headings = ["Before the first `pulumi up`", "The first `pulumi up`", "The end"];
  const further = headings.flatMap((heading) => stepsOf(page, heading));
  return [...stepsOf(page, "Tokens"), ownAkkeris(url), ...further];
}

/** Types the steps of the first page, and then others, as a user of a language. */
async function typeIn(
  language: keyof typeof settingsOf,
  program: string,
  further: (url: string) => Step[],
) {
  const platform = await new Platform(5_000).start();
  onTestFinished(() => platform.close());
  const { variables, path, sdks } = await settingsOf[language]();
  const root = await besideClone(sdks);
  const simulators = { ...platform.urls, ...platform.tokens, PROGRAM: program };
  const env = await userEnvironment(root, { ...variables, ...simulators }, path);
  const steps = [...firstSteps(language), ...further(platform.akkeris.url)];
  const printed = await type(steps, { cwd: root, env, answer: platform.akkeris.token });
  expect(platform.akkeris.formations("shop-dev")).toEqual([]);
  return { of: (title: string) => printed.get(title) ?? "", token: platform.akkeris.token };
}

/** What the first page ends with. */
function expectFirstSteps(of: (title: string) => string): void {
  expect(of("pulumi up --yes")).toContain("+ 2 to create");
  expect(of("pulumi up --yes")).toMatch(/id: "shop-dev\/web"/);
  expect(of("pulumi preview --diff")).toMatch(/~ quantity\s*: 2 => 3/);
  expect(of("pulumi preview --diff")).toMatch(/~ size\s*: "gp2" => "gp1"/);
  expect(of("pulumi destroy --yes")).toMatch(/- 2 deleted/);
}

// One language per host goes on to an account: nothing on that page differs by language.
test.for([
  ["TypeScript", "index.ts"],
  ["YAML", "Pulumi.yaml"],
] as const)(
  "in %s, from an empty folder to a destroy, and on to an account",
  async ([language, program]) => {
    const { of, token } = await typeIn(language, program, realAccounts);

    expectFirstSteps(of);
    expect(of("the URL")).toBe("0\n");
    expect(of("pulumi preview")).toMatch(/^Nothing was found\.\n/);
    expect(of("pulumi preview")).toContain("+ 2 to create");
    expect(of("pulumi preview")).not.toContain("akkerisToken");
    expect(of("pulumi preview")).not.toContain(token);
    expect(of("pulumi preview --expect-no-changes")).toMatch(/\+ 2 created/);
    expect(of("pulumi stack rm live")).toMatch(/- 2 deleted/);
  },
);

test.for([
  { language: "Python", program: "__main__.py", missing: withoutPython },
  { language: "Go", program: "main.go", missing: withoutGo },
] as const)(
  "in $language, from an empty folder to a destroy",
  async ({ language, program, missing }, { skip }) => {
    skip(missing !== undefined, missing);

    const { of } = await typeIn(language, program, () => []);

    expectFirstSteps(of);
  },
);
