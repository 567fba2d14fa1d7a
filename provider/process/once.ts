/** A function that works its answer out at the first call, and returns the same at each later one. */
export function once<Answer>(answer: () => Answer): () => Answer {
  let kept: { answer: Answer } | undefined;
  return () => {
    kept ??= { answer: answer() };
    return kept.answer;
  };
}

/** A function of an object that works its answer out once per object, and keeps it as long as the object lives. */
export function oncePer<Subject extends object, Answer>(
  answer: (subject: Subject) => Answer,
): (subject: Subject) => Answer {
  const known = new WeakMap<Subject, { answer: Answer }>();
  return (subject) => {
    const kept = known.get(subject) ?? { answer: answer(subject) };
    known.set(subject, kept);
    return kept.answer;
  };
}
