/** For how long the attempts at an event that nobody handled are counted, in every store. */
export const attemptsKeptMs = 7 * 86_400_000;
