import { expect, test } from "vitest";
import { pageIn } from "../../cli/page.ts";

const markdown = `# A title

![a picture](x.png)

A **long** paragraph that has to be broken into lines, since it is wider than the terminal.

- an entry of a list that is broken with its lines below each other
- another, with \`formations backups status --json\` in it
  - and one below it, which is indented, and broken as well

> a message that is quoted and has more than one line

| code | means |
| --- | --- |
| 0 | all \\| nothing |

\`\`\`sh
| this | is no table, and | is wider than the terminal |
\`\`\`
`;

test("a page is shown in the width of the terminal, and its code unchanged", () => {
  expect(pageIn(markdown, 40)).toBe(`# A title

A long paragraph that has to be broken
into lines, since it is wider than the
terminal.

- an entry of a list that is broken with
  its lines below each other
- another, with
  \`formations backups status --json\` in
  it
  - and one below it, which is indented,
    and broken as well

> a message that is quoted and has more
> than one line

┌──────┬───────────────┐
│ code │ means         │
├──────┼───────────────┤
│ 0    │ all | nothing │
└──────┴───────────────┘

\`\`\`sh
| this | is no table, and | is wider than the terminal |
\`\`\`
`);
});
