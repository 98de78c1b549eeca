/**
 * A function of text that remembers its answers: as many as `capacity`. Of those the longest unused goes first,
 * or nearly: one that was asked for since it was put there gets a second chance.
 */
export function cached<Answer extends object>(
  answer: (text: string) => Answer,
  capacity: number,
): (text: string) => Answer {
  // A Map keeps the order of insertion. To move an entry at each use would cost more than most answers.
  const answers = new Map<string, { readonly answer: Answer; used: boolean }>();
  const makeRoom = (): void => {
    for (const [text, entry] of answers) {
      answers.delete(text);
      if (!entry.used) return;
      entry.used = false;
      answers.set(text, entry);
    }
  };
  const find = (text: string): Answer => {
    const known = answers.get(text);
    if (known !== undefined) {
      known.used = true;
      return known.answer;
    }
    const fresh = answer(text);
    if (answers.size >= capacity) makeRoom();
    answers.set(text, { answer: fresh, used: false });
    return fresh;
  };
  // One event asks for the same text several times, and the next event often for the same again.
  let lastText: string | undefined;
  let lastAnswer: Answer | undefined;
  return (text) => {
    if (text === lastText && lastAnswer !== undefined) return lastAnswer;
    lastAnswer = find(text);
    lastText = text;
    return lastAnswer;
  };
}
