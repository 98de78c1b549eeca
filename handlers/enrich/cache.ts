/** A function of text that remembers its latest answers: as many as `capacity`, the longest unused going first. */
export function cached<Answer extends object>(
  answer: (text: string) => Answer,
  capacity: number,
): (text: string) => Answer {
  // A Map keeps the order of insertion: the first key is the longest unused.
  const answers = new Map<string, Answer>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) {
      answers.delete(text);
      answers.set(text, known);
      return known;
    }
    const fresh = answer(text);
    const [oldest] = answers.keys();
    if (answers.size >= capacity && oldest !== undefined) answers.delete(oldest);
    answers.set(text, fresh);
    return fresh;
  };
}
