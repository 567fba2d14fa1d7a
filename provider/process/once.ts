/** A function that works its answer out at the first call, and returns the same at each later one. */
export function once<Answer>(answer: () => Answer): () => Answer {
  let kept: { answer: Answer } | undefined;
  return () => {
    kept ??= { answer: answer() };
    return kept.answer;
  };
}
