/** A part of a line of code: `whole` is never broken, and `end` is where a line may end after it. */
export interface Piece {
  text: string;
  whole?: boolean;
  end?: boolean;
}

/** The most characters of a word that stays whole: it has to fit a phone, or a column of a table. */
const longest = { text: 30, table: 16 };

/**
 * Code within a text, as lines are to break in it. A browser breaks a line after any hyphen, `--` of
 * `--help` included, and never within `FORMATIONS_CITUS_TOKEN`, which makes the column of a table wide.
 */
export function piecesOf(code: string, place: keyof typeof longest): Piece[] {
  return code.split(/(\s+)/).flatMap((word): Piece[] => {
    if (word.includes("-") && word.length <= longest[place]) return [{ text: word, whole: true }];
    if (place === "text") return [{ text: word }];
    const parts = word.split(/(?<=[_/.:=])(?=\w)|(?<=[a-z])(?=[A-Z])/);
    return parts.map((text, at) => ({ text, end: at < parts.length - 1 }));
  });
}
