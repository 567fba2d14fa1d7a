import { addressesOf, ask } from "./external.ts";
import { linkedIn, pages } from "./pages.ts";

/** `npm run links`: asks every address outside the repository that a page links to. */
const addresses = addressesOf(pages.flatMap((page) => linkedIn(page).links));
const findings = await ask(addresses);
for (const { link, is, why } of findings) {
  const where = pages.filter((page) => linkedIn(page).links.some((one) => one.startsWith(link)));
  console.log(`${is}: ${link} (${why}), in ${where.join(", ")}`);
}
console.log(`${addresses.length} addresses asked`);
if (findings.some(({ is }) => is === "dead")) process.exitCode = 1;
