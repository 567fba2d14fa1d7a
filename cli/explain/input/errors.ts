import { FormationsError } from "../../../provider/errors";

/** What was given to `formations explain` is not a whole preview. */
export class UnreadablePreview extends FormationsError {
  readonly code = "UNREADABLE_PREVIEW";
}

/** How to make what can be read. */
export const howToPreview =
  "Write a preview with `pulumi preview --json --show-replacement-steps > preview.json`.";
