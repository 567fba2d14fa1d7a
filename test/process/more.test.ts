import { expect, test } from "vitest";
import { moreAbout, toldInFull } from "../../provider/process/more.ts";
import { Incomplete, WaitTimedOut } from "../../provider/resource/errors.ts";

test("as long as there is no site, an error leads to the command that shows its entry", () => {
  expect(moreAbout("ALREADY_EXISTS")).toBe("More: formations help ALREADY_EXISTS");
});

test.each(["https://docs.example.com", "https://docs.example.com/"])(
  "with the site %s, it leads to the page of its code",
  (site) => {
    expect(moreAbout("ALREADY_EXISTS", site)).toBe(
      "More: https://docs.example.com/errors/already_exists/",
    );
  },
);

test("an error whose reason may be in the set-up names doctor", () => {
  const check = "(`formations doctor` checks your set-up)";

  expect(moreAbout("NO_ANSWER")).toBe(`More: formations help NO_ANSWER ${check}`);
  expect(moreAbout("NO_ANSWER", "https://docs.example.com/formations")).toBe(
    `More: https://docs.example.com/formations/errors/no_answer/ ${check}`,
  );
});

test("what is incomplete leads to the reason, which its message says", () => {
  const kept = { id: "i", state: {}, marks: {} };

  expect(toldInFull(new Incomplete(kept, new WaitTimedOut("Waited 1 h.")))).toBe(
    "Waited 1 h.\nMore: formations help WAIT_TIMED_OUT",
  );
  expect(toldInFull(new Incomplete(kept, new Error("Broken.")))).toBe(
    "Broken.\nMore: formations help INCOMPLETE",
  );
});

test("a message that quotes another in full has one such line", () => {
  const message = "`pulumi preview` failed:\nRefused.\nMore: formations help CHANGE_REFUSED";

  expect(toldInFull({ message, topic: "PULUMI_FAILED" })).toBe(message);
});
